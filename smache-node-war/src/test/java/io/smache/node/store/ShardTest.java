package io.smache.node.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShardTest {
  private static final long PLENTY = 1 << 30;

  private static final String CACHE = Operation.DEFAULT_CACHE;

  private final Caches entries = new Caches(Clock.SYSTEM, PLENTY, Integer.MAX_VALUE);
  private final Shard shard = new Shard(entries);

  /** One step of a history: a write when it has a value, a read when it has none. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Step(String key, byte @Nullable [] value, @Nullable Integer loses) {
    private static final List<String> KEYS = List.of("1", "01", "aa", "24929", "-5", "é", "key");

    static Step of(Random random) {
      byte[] value = random.nextInt(10) < 4 ? null : new byte[random.nextInt(6)];
      if (value != null) {
        random.nextBytes(value);
      }
      Integer loses = random.nextInt(10) < 9 ? null : random.nextInt(1024);
      return new Step(KEYS.get(random.nextInt(KEYS.size())), value, loses);
    }
  }

  private static LongStream seeds() {
    return LongStream.range(0, 300);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void anyHistory_behavesAsANaiveMap(long seed) throws KeyException {
    Random random = new Random(seed);
    Shard tried = new Shard(entries);
    BitSet owned = all();
    tried.own(owned, Map.of());
    entries.removePartitions(partition -> true);
    Map<String, byte[]> model = new HashMap<>();
    Set<Integer> lost = new HashSet<>();
    int steps = random.nextInt(61);
    for (int i = 0; i < steps; i++) {
      Step step = Step.of(random);
      Key key = Key.of(step.key());
      if (step.loses() != null) {
        lost.add(step.loses());
        owned.clear(step.loses());
        tried.own(owned, Map.of());
        entries.removePartitions(partition -> !owned.get(partition));
      }
      Outcome outcome = step.value() == null ? read(tried, key) : put(tried, key, step.value());
      if (lost.contains(key.partition())) {
        assertThat(outcome).isEqualTo(new Outcome.NotOwned());
      } else if (step.value() != null) {
        assertThat(outcome).isInstanceOf(Outcome.Stored.class);
        model.put(step.key(), step.value());
      } else {
        assertThat(valueOf(outcome)).isEqualTo(model.get(step.key()));
      }
    }
  }

  @Test
  void performSome_takesLong_leavesTheRest() throws KeyException {
    FakeClock clock = new FakeClock();
    Shard slow = new Shard(new Caches(clock, PLENTY, Integer.MAX_VALUE));
    Operation write =
        new Increment(
            CACHE,
            Key.of("k"),
            BigInteger.ONE,
            BigInteger.ZERO,
            LifetimeSpec.UNSAID,
            Preconditions.NONE,
            List.of());
    slow.own(all(), Map.of());
    assertThat(slow.performSome(List.of(write, write, write))).hasSize(3);
    clock.passOnEachLook(15);
    assertThat(slow.performSome(List.of(write, write, write))).hasSize(1);
  }

  @Test
  void read_nothingOwnedYet_isNotOwned() throws KeyException {
    assertThat(read(shard, Key.of("a"))).isEqualTo(new Outcome.NotOwned());
    assertThat(put(shard, Key.of("a"), new byte[0])).isEqualTo(new Outcome.NotOwned());
    assertThat(entries.size()).isZero();
  }

  @Test
  void write_decidingForNone_removes() throws KeyException {
    Key key = Key.of("a");
    shard.own(all(), Map.of());
    put(shard, key, new byte[] {1});
    shard.write(CACHE, key, (current, context) -> new Write.Change(null, new Outcome.Removed()));
    assertThat(read(shard, key)).isEqualTo(Outcome.Absent.PLAIN);
  }

  @Test
  void write_seesWhatIsThere() throws KeyException {
    Key key = Key.of("a");
    shard.own(all(), Map.of());
    put(shard, key, new byte[] {7});
    Outcome seen =
        shard.write(
            CACHE,
            key,
            (current, context) ->
                new Write.Change(current, Outcome.Found.fresh(entry(current).snapshot(1))));
    assertThat(valueOf(seen)).containsExactly(7);
  }

  @Test
  void own_setChangedAfterwards_doesNotMatter() throws KeyException {
    BitSet partitions = all();
    shard.own(partitions, Map.of());
    partitions.clear();
    assertThat(read(shard, Key.of("a"))).isEqualTo(Outcome.Absent.PLAIN);
  }

  @Test
  void entries_overTheirBound_letSomeGo() throws KeyException {
    long bound = 100_000;
    Caches few = new Caches(Clock.SYSTEM, bound, Integer.MAX_VALUE);
    Shard small = new Shard(few);
    small.own(all(), Map.of());
    for (int i = 0; i < 10_000; i++) {
      put(small, Key.of("key-" + i), new byte[100]);
    }
    assertThat(few.size()).isBetween(1L, bound / (100 + Weight.OVERHEAD_BYTES));
  }

  @Test
  void read_whileAnotherThreadWrites_seesOnlyWholeValues() throws Exception {
    Key key = Key.of("hot");
    shard.own(all(), Map.of());
    put(shard, key, filled(0));
    ExecutorService writer = Executors.newSingleThreadExecutor();
    Future<?> writing =
        writer.submit(
            () -> {
              for (int i = 0; i < 100_000; i++) {
                put(shard, key, filled(i));
              }
            });
    while (!writing.isDone()) {
      byte[] value = valueOf(read(shard, key));
      assertThat(value).isNotNull();
      assertThat(value).containsOnly(value[0]);
    }
    writing.get(1, TimeUnit.SECONDS);
    writer.shutdown();
  }

  @Test
  void read_toBeEmbedded_findsOutOnceWhetherJsonIsWellFormed() throws KeyException {
    shard.own(all(), Map.of());
    String large = "\"" + "x".repeat(1 << 16) + "\"";
    assertThat(isKnown("{\"a\":1}", Format.of("application/json", null))).isTrue();
    assertThat(isKnown("[1]", Format.of("application/ld+json; a=b", null))).isTrue();
    assertThat(isKnown("{\"a\":1", Format.of("application/json", null))).isFalse();
    assertThat(isKnown("{\"a\":1}", Format.of("text/plain", null))).isFalse();
    assertThat(isKnown("{\"a\":1}", Format.of("application/json", "gzip"))).isFalse();
    assertThat(isKnown(large, Format.of("application/json", null))).isFalse();
  }

  /** Returns whether a plain read that follows one to be embedded says that it is JSON. */
  private boolean isKnown(String value, Format format) throws KeyException {
    Key key = Key.of("k");
    shard.perform(Put.plain(CACHE, key, value.getBytes(UTF_8), format));
    assertThat(read(shard, key))
        .isInstanceOfSatisfying(
            Outcome.Found.class, found -> assertThat(found.entry().format()).isEqualTo(format));
    Outcome embedded = shard.read(Get.embedded(CACHE, key, Preconditions.NONE));
    Format known = ((Outcome.Found) embedded).entry().format();
    assertThat(read(shard, key))
        .isInstanceOfSatisfying(
            Outcome.Found.class, found -> assertThat(found.entry().format()).isEqualTo(known));
    assertThat(known.type()).isEqualTo(format.type());
    return known.wellFormed();
  }

  private static BitSet all() {
    BitSet all = new BitSet();
    all.set(0, 1024);
    return all;
  }

  private static byte[] filled(int number) {
    byte[] value = new byte[64];
    Arrays.fill(value, (byte) number);
    return value;
  }

  private static Entry entry(@Nullable Entry entry) {
    assertThat(entry).isNotNull();
    return entry;
  }

  private static Outcome read(Shard shard, Key key) {
    return shard.read(Get.plain(CACHE, key));
  }

  private static Outcome put(Shard shard, Key key, byte[] value) {
    return shard.perform(Put.plain(CACHE, key, value, Format.BYTES));
  }

  private static byte @Nullable [] valueOf(Outcome outcome) {
    return outcome instanceof Outcome.Found found ? found.entry().value() : null;
  }
}
