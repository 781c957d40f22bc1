package io.smache.node.engine.shards;

import static org.assertj.core.api.Assertions.assertThat;

import io.smache.node.cache.LoneNode;
import io.smache.node.cluster.Offline;
import io.smache.node.store.EntityTags;
import io.smache.node.store.FakeClock;
import io.smache.node.store.Format;
import io.smache.node.store.Get;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.node.store.LifetimeSpec;
import io.smache.node.store.Outcome;
import io.smache.node.store.Preconditions;
import io.smache.node.store.Put;
import io.smache.node.store.State;
import io.smache.protocol.Assignment;
import io.smache.protocol.ClusterSecret;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** A GET waits for the value that another client computes, and no thread waits with it. */
class LocalTest {
  private static final String CACHE = "c";
  private static final long LONG = 60_000;

  private final LoneNode node = new LoneNode(ClusterSecret.NONE, 1 << 10);
  private final Key key = key();

  @Test
  void get_waits_untilTheValueIsWritten() {
    node.start();
    CompletableFuture<Outcome> waiting = node.engine.perform(get(0, LONG));
    assertThat(waiting).isNotDone();
    assertThat(node.engine.perform(Put.plain(CACHE, key, new byte[] {7}, Format.BYTES)).join())
        .isInstanceOf(Outcome.Stored.class);
    assertThat(waiting.join())
        .isInstanceOfSatisfying(
            Outcome.Found.class, found -> assertThat(found.entry().value()).containsExactly(7));
  }

  /** What an event loop runs before it comes to what it was given meanwhile is one turn. */
  @Test
  void writes_ofOneTurnOfAnEventLoop_shareTheLocks() {
    // A shard whose clock stands still never gives its lock away in between.
    LoneNode still = new LoneNode(ClusterSecret.NONE, 1 << 10, new FakeClock()).start();
    Executor loop = Offline.loops().all().next();
    int taken = still.locks.taken();
    List<CompletableFuture<Outcome>> writes = new ArrayList<>();
    List<Boolean> early = new ArrayList<>();
    CompletableFuture<Outcome> read = new CompletableFuture<>();
    loop.execute(
        () -> {
          for (int i = 0; i < 50; i++) {
            Key each = i % 2 == 0 ? key : key("k" + i);
            byte[] value = {(byte) i};
            writes.add(still.engine.perform(Put.plain(CACHE, each, value, Format.BYTES)));
          }
          early.add(writes.stream().anyMatch(CompletableFuture::isDone));
          read.complete(still.engine.perform(get(0, 0)).join());
        });
    assertThat(read.join()).isInstanceOf(Outcome.Absent.class);
    assertThat(early).containsExactly(false);
    CompletableFuture.allOf(writes.toArray(CompletableFuture<?>[]::new)).join();
    assertThat(still.locks.taken() - taken).as("once a shard").isLessThanOrEqualTo(4);
    writes.forEach(each -> assertThat(each.join()).isInstanceOf(Outcome.Stored.class));
    assertThat(still.engine.perform(get(0, 0)).join())
        .isInstanceOfSatisfying(
            Outcome.Found.class, found -> assertThat(found.entry().value()).containsExactly(48));
  }

  @Test
  void get_waitEnds_isAbsent() {
    node.start();
    assertThat(node.engine.perform(get(0, 1)).join()).isInstanceOf(Outcome.Absent.class);
  }

  @Test
  void get_claimOfAnotherEnds_isTheNextWinner() {
    node.start();
    assertThat(state(node.engine.perform(get(1, 0)).join())).isEqualTo(State.WINNER);
    assertThat(state(node.engine.perform(get(LONG, LONG)).join())).isEqualTo(State.WINNER);
    assertThat(state(node.engine.perform(get(LONG, 0)).join())).isEqualTo(State.PENDING);
  }

  @Test
  void get_partitionMovesWhileItWaits_isToldSo() {
    node.start();
    CompletableFuture<Outcome> waiting = node.engine.perform(get(0, LONG));
    Member other = new Member("other", "http://127.0.0.1:2", "other-instance");
    PartitionTable before = node.membership.table().orElseThrow();
    node.membership.accept(Assignment.next(before, List.of(other), Set.of(), 2));
    assertThat(waiting.join()).isInstanceOf(Outcome.NotOwned.class);
  }

  @Test
  void write_conditionalOnADegradedNode_isRefusedAndOthersAreNot() {
    Member other = new Member("other", "http://127.0.0.1:2", "other-instance");
    PartitionTable table = Assignment.first("cluster", false, List.of(node.self), 1);
    assertThat(table.has(other)).isFalse();
    node.membership.accept(table);
    Preconditions absent = new Preconditions(null, EntityTags.ANY, null, null);
    Put conditional =
        new Put(
            CACHE,
            key,
            new byte[1],
            Format.BYTES,
            List.of(),
            LifetimeSpec.UNSAID,
            absent,
            List.of());
    assertThat(node.engine.perform(conditional).join()).isInstanceOf(Outcome.Unavailable.class);
    assertThat(node.engine.perform(get(0, 0)).join()).isInstanceOf(Outcome.Absent.class);
    Put plain = Put.plain(CACHE, key, new byte[1], Format.BYTES);
    assertThat(node.engine.performAll(List.of(conditional, plain)).join())
        .hasOnlyElementsOfTypes(Outcome.Unavailable.class, Outcome.Stored.class);
  }

  private Get get(long claim, long wait) {
    return new Get(CACHE, key, Preconditions.NONE, true, claim, wait, false);
  }

  private static State state(Outcome outcome) {
    return ((Outcome.Absent) outcome).state();
  }

  private static Key key() {
    return key("k");
  }

  private static Key key(String text) {
    try {
      return Key.of(text);
    } catch (KeyException e) {
      throw new IllegalStateException(e);
    }
  }
}
