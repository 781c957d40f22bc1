package io.smache.node.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What an invalidation leaves behind, and what it does not. */
class InvalidationTest {
  private static final String CACHE = "c";

  private final Caches caches = new Caches(new FakeClock(), 1 << 20, 1 << 20);
  private final Guard guard = new Guard(caches);
  private final Sweep sweep =
      new Sweep(
          caches,
          List.of(guard.shard),
          any -> guard.shard,
          new OutboundTransfers(caches, any -> guard.shard));

  @Test
  void invalidate_aCacheThatIsNotThere_keepsNothing() {
    guard.invalidate(CACHE, Invalidation.ofAll());
    assertThat(guard.shard.invalidated(CACHE)).isNull();
  }

  @Test
  void reclaim_freesEntriesAndRecords() throws KeyException {
    for (int i = 0; i < 100; i++) {
      put("user:" + i, List.of("g"));
    }
    guard.invalidate(CACHE, Invalidation.ofGroups(List.of("g")));
    guard.invalidate(CACHE, Invalidation.ofPrefix(Key.of("user:")));
    put("user:1", List.of("g"));
    assertThat(sweep.reclaim()).isEqualTo(99);
    assertThat(guard.shard.invalidated(CACHE)).matches(Generations::isEmpty);
    assertThat(guard.shard.read(Get.plain(CACHE, Key.of("user:1"))))
        .isInstanceOf(Outcome.Found.class);
    assertThat(caches.size()).isEqualTo(1);
  }

  @Test
  void write_thatInvalidatesItsOwnGroup_isThereAfterwards() throws KeyException {
    put("other", List.of("g"));
    guard.perform(
        new Put(
            CACHE,
            Key.of("k"),
            new byte[1],
            Format.BYTES,
            List.of("g"),
            LifetimeSpec.UNSAID,
            Preconditions.NONE,
            List.of("g")));
    assertThat(guard.shard.read(Get.plain(CACHE, Key.of("k")))).isInstanceOf(Outcome.Found.class);
    assertThat(guard.shard.read(Get.plain(CACHE, Key.of("other")))).isEqualTo(Outcome.Absent.PLAIN);
  }

  @Test
  void read_ofACacheThatIsNotThere_makesNone() throws KeyException {
    guard.shard.read(Get.plain(CACHE, Key.of("k")));
    guard.perform(new Delete(CACHE, Key.of("k"), Preconditions.NONE, List.of()));
    assertThat(caches.statistics()).isEmpty();
  }

  private void put(String key, List<String> groups) throws KeyException {
    guard.perform(
        new Put(
            CACHE,
            Key.of(key),
            new byte[1],
            Format.BYTES,
            groups,
            LifetimeSpec.UNSAID,
            Preconditions.NONE,
            List.of()));
  }
}
