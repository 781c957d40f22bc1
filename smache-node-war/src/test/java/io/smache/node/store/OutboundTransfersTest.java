package io.smache.node.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A partition on its way from one node to another: nothing is lost, nothing old comes back. */
class OutboundTransfersTest {
  private static final String CACHE = "c";
  private static final String TARGET = "target";
  private static final long SINCE = 7;
  private static final Key KEY = key("k");
  private static final EntryId ENTRY_ID = new EntryId(CACHE, KEY);

  private final FakeClock oldClock = new FakeClock();
  private final FakeClock newClock = new FakeClock();
  private final Caches oldCaches = new Caches(oldClock, 1 << 20, 1 << 20);
  private final Caches newCaches = new Caches(newClock, 1 << 20, 1 << 20);
  private final Shard oldShard = new Guard(oldCaches).shard;
  private final Shard newShard = new Shard(newCaches);
  private final OutboundTransfers outboundTransfers =
      new OutboundTransfers(oldCaches, any -> oldShard);

  @Test
  void move_entry_takesAllThatIsSaidOfItAlong() {
    LifetimeSpec lifetime = new LifetimeSpec(10_000L, 4_000L, 1_000L);
    Outcome.Stored stored = (Outcome.Stored) put(oldShard, "x", List.of("g"), lifetime);
    oldClock.pass(3_000);
    fence();
    oldClock.pass(500);
    arrive();
    Listed entry = newShard.look(CACHE, KEY);
    assertThat(entry).isNotNull();
    assertThat(entry.version()).isEqualTo(stored.version());
    assertThat(entry.left()).as("of the idle time 3.5 s are over").isEqualTo(500);
    assertThat(entry.expires()).isEqualTo(6_500);
    assertThat(entry.idle()).isEqualTo(4_000);
    assertThat(entry.stale()).isEqualTo(1_000);
    newClock.pass(600);
    Outcome.Found found = (Outcome.Found) read();
    assertThat(found.state()).isEqualTo(State.STALE);
    assertThat(found.entry().groups()).containsExactly("g");
    newClock.pass(1_000);
    assertThat(read()).isEqualTo(Outcome.Absent.PLAIN);
  }

  @Test
  void move_confirmed_leavesNothingBehind() {
    put(oldShard, "x", List.of(), LifetimeSpec.UNSAID);
    fence();
    assertThat(oldCaches.size()).isOne();
    arrive();
    assertThat(outboundTransfers.size()).isZero();
    assertThat(oldCaches.size()).isZero();
    assertThat(oldCaches.bytes()).isZero();
    assertThat(oldShard.read(Get.plain(CACHE, KEY))).isInstanceOf(Outcome.NotOwned.class);
  }

  @Test
  void read_beforeAnythingArrived_isNoMiss() {
    put(oldShard, "x", List.of(), LifetimeSpec.UNSAID);
    fence();
    assertThat(read()).isInstanceOf(Outcome.Arriving.class);
    assertThat(put(newShard, "y", List.of(), LifetimeSpec.UNSAID))
        .isInstanceOf(Outcome.Arriving.class);
    newShard.receive(SINCE, outboundTransfers.find(ENTRY_ID), true);
    assertThat(new String(found().value(), StandardCharsets.UTF_8)).isEqualTo("x");
  }

  @Test
  void find_whileItIsTakenOutOfTheCaches_isThereAtAnyTime() {
    put(oldShard, "x", List.of(), LifetimeSpec.UNSAID);
    fence();
    assertThat(outboundTransfers.find(ENTRY_ID).contents()).isNotNull();
    outboundTransfers.close();
    assertThat(outboundTransfers.find(ENTRY_ID).contents()).isNotNull();
    assertThat(outboundTransfers.find(new EntryId(CACHE, key("other"))).contents()).isNull();
  }

  @Test
  void part_ofAKeyThatLeaves_isAllThatIsSaidOfIt() {
    Outcome.Stored stored = (Outcome.Stored) put(oldShard, "x", List.of(), LifetimeSpec.UNSAID);
    fence();
    give();
    assertThat(found().version()).isEqualTo(stored.version());
  }

  @Test
  void part_ofAKeyThatIsNotThere_settlesThatItIsNot() {
    fence();
    give();
    assertThat(read()).isEqualTo(Outcome.Absent.PLAIN);
  }

  @Test
  void part_forAnotherTakerOrTooLarge_isNone() {
    put(oldShard, "x", List.of(), LifetimeSpec.UNSAID);
    assertThat(outboundTransfers.chunk(ENTRY_ID, TARGET, 1 << 10)).as("stays").isNull();
    fence();
    assertThat(outboundTransfers.chunk(ENTRY_ID, "another", 1 << 10)).isNull();
    assertThat(outboundTransfers.chunk(ENTRY_ID, TARGET, 10)).isNull();
  }

  @Test
  void take_ofAKeyThatWasDeletedSince_doesNotBringItBack() {
    put(oldShard, "x", List.of(), LifetimeSpec.UNSAID);
    fence();
    TransferredEntry transferred = outboundTransfers.find(ENTRY_ID);
    newShard.receive(SINCE, transferred, true);
    newShard.perform(new Delete(CACHE, KEY, Preconditions.NONE, List.of()));
    newShard.receive(SINCE, transferred, false);
    newShard.receive(SINCE, transferred, true);
    assertThat(read()).isEqualTo(Outcome.Absent.PLAIN);
  }

  @Test
  void take_ofAKeyThatExpiredSince_doesNotBringItBack() {
    put(oldShard, "x", List.of(), LifetimeSpec.UNSAID);
    fence();
    TransferredEntry transferred = outboundTransfers.find(ENTRY_ID);
    newShard.receive(SINCE, transferred, true);
    put(newShard, "short", List.of(), new LifetimeSpec(100L, null, null));
    newClock.pass(200);
    newShard.receive(SINCE, transferred, false);
    assertThat(read()).isEqualTo(Outcome.Absent.PLAIN);
  }

  @Test
  void take_late_ofAnotherEpochOrWhenComplete_isNothing() {
    put(oldShard, "x", List.of(), LifetimeSpec.UNSAID);
    fence();
    TransferredEntry transferred = outboundTransfers.find(ENTRY_ID);
    newShard.receive(SINCE - 1, transferred, true);
    assertThat(read()).isInstanceOf(Outcome.Arriving.class);
    newShard.complete(Map.of(KEY.partition(), SINCE - 1));
    assertThat(read()).isInstanceOf(Outcome.Arriving.class);
    newShard.complete(Map.of(KEY.partition(), SINCE));
    newShard.receive(SINCE, transferred, true);
    assertThat(read()).isEqualTo(Outcome.Absent.PLAIN);
  }

  @Test
  void invalidate_whileItWaits_isNotGiven() {
    put(oldShard, "x", List.of("g"), LifetimeSpec.UNSAID);
    fence();
    outboundTransfers.close();
    oldShard.invalidate(CACHE, Invalidation.ofGroups(List.of("g")), null);
    assertThat(outboundTransfers.find(ENTRY_ID).contents()).isNull();
    assertThat(outboundTransfers.batch(TARGET, 1000).chunks().get(0).transferred()).isEmpty();
    new Sweep(oldCaches, List.of(oldShard), any -> oldShard, outboundTransfers).reclaim();
    assertThat(outboundTransfers.entries()).isZero();
    assertThat(outboundTransfers.find(ENTRY_ID).contents())
        .as("nor when the record is gone")
        .isNull();
  }

  @Test
  void invalidate_whereItHasArrived_coversIt() {
    put(oldShard, "x", List.of("g"), LifetimeSpec.UNSAID);
    put(oldShard, "y", List.of("g"), LifetimeSpec.UNSAID);
    fence();
    newShard.receive(SINCE, outboundTransfers.find(ENTRY_ID), true);
    newShard.invalidate(CACHE, Invalidation.ofGroups(List.of("g")), null);
    assertThat(read()).isEqualTo(Outcome.Absent.PLAIN);
  }

  @Test
  void invalidate_exceptAKey_keepsItsEntry() {
    put(oldShard, "x", List.of("g"), LifetimeSpec.UNSAID);
    oldShard.invalidate(CACHE, Invalidation.ofGroups(List.of("g")), KEY);
    assertThat(oldShard.read(Get.plain(CACHE, KEY))).isInstanceOf(Outcome.Found.class);
  }

  @Test
  void claim_waitsAlong() {
    oldShard.claim(new Get(CACHE, KEY, Preconditions.NONE, true, 5_000, 0, false));
    fence();
    oldClock.pass(1_000);
    arrive();
    Outcome.Absent absent =
        (Outcome.Absent)
            newShard.read(new Get(CACHE, KEY, Preconditions.NONE, true, 5_000, 0, false));
    assertThat(absent.state()).isEqualTo(State.PENDING);
    assertThat(absent.pending()).isBetween(3_999L, 4_001L);
  }

  @Test
  void abandon_takerIsGone_wipes() {
    put(oldShard, "x", List.of(), LifetimeSpec.UNSAID);
    fence();
    outboundTransfers.close();
    assertThat(outboundTransfers.abandon(Set.of("somebody else"))).isOne();
    assertThat(outboundTransfers.size()).isZero();
    assertThat(outboundTransfers.find(ENTRY_ID).contents()).isNull();
  }

  /** The old owner writes no more, the new one is open. */
  private void fence() {
    oldShard.own(new BitSet(), Map.of());
    outboundTransfers.begin(
        List.of(new OutboundTransfers.Outbound(KEY.partition(), SINCE, TARGET)));
    BitSet owned = new BitSet();
    owned.set(KEY.partition());
    newShard.own(owned, Map.of(KEY.partition(), SINCE));
  }

  /** Gives the one key, as somebody asks for it. */
  private void give() {
    TransferChunk chunk =
        Objects.requireNonNull(outboundTransfers.chunk(ENTRY_ID, TARGET, 1 << 10));
    assertThat(chunk.last()).isFalse();
    chunk.transferred().forEach(transferred -> newShard.receive(chunk.since(), transferred, true));
  }

  private void arrive() {
    outboundTransfers.close();
    OutboundTransfers.Batch batch = outboundTransfers.batch(TARGET, 1 << 16);
    for (TransferChunk chunk : batch.chunks()) {
      chunk
          .transferred()
          .forEach(transferred -> newShard.receive(chunk.since(), transferred, false));
      assertThat(chunk.last()).isTrue();
      newShard.complete(Map.of(chunk.partition(), chunk.since()));
    }
    outboundTransfers.confirm(batch);
  }

  private Outcome read() {
    return newShard.read(Get.plain(CACHE, KEY));
  }

  private Snapshot found() {
    return ((Outcome.Found) read()).entry();
  }

  private static Outcome put(
      Shard shard, String value, List<String> groups, LifetimeSpec lifetime) {
    return shard.perform(
        new Put(
            CACHE,
            KEY,
            value.getBytes(StandardCharsets.UTF_8),
            Format.BYTES,
            groups,
            lifetime,
            Preconditions.NONE,
            List.of()));
  }

  private static Key key(String text) {
    try {
      return Key.of(text);
    } catch (KeyException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
