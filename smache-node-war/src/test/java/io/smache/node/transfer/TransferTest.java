package io.smache.node.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smache.node.store.Command;
import io.smache.node.store.Command.CommandReport;
import io.smache.node.store.Delete;
import io.smache.node.store.EntryId;
import io.smache.node.store.Format;
import io.smache.node.store.Get;
import io.smache.node.store.Invalidation;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.node.store.LifetimeSpec;
import io.smache.node.store.Outcome;
import io.smache.node.store.Preconditions;
import io.smache.node.store.Put;
import io.smache.protocol.Assignment;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Partitions go from a node to one that has joined, over a link on which anything may happen. */
class TransferTest {
  private static final String CACHE = "c";
  private static final String GROUP = "g";
  private static final int KEYS = 400;

  private final ExecutorService executor = Executors.newSingleThreadExecutor();
  private final Map<Member, TestNode> nodes = new ConcurrentHashMap<>();
  private final TestNode old = new TestNode("old", nodes, executor);
  private final TestNode target = new TestNode("target", nodes, executor);
  private final PartitionTable alone = Assignment.first("l", false, List.of(old.self), 1);
  private final PartitionTable both = next(alone, Set.of());

  @BeforeEach
  void fill() {
    old.follow(alone);
    for (int i = 0; i < KEYS; i++) {
      assertThat(put(old, i, "old")).isInstanceOf(Outcome.Stored.class);
    }
  }

  @AfterEach
  void end() {
    executor.shutdownNow();
  }

  @Test
  void hurry_untilNothingIsLeft_givesTheTakerAllThatIsItsOwn() {
    join();
    handOver(old);
    for (int i = 0; i < KEYS; i++) {
      assertThat(value(owner(both, i), i)).isEqualTo("old");
    }
    assertThat(target.inboundTransfers.size()).isZero();
    assertThat(old.caches.size() + target.caches.size()).isEqualTo(KEYS);
    assertThat(target.caches.size()).isPositive();
  }

  @Test
  void hurry_takerDoesNotAnswer_keepsEverythingAndGivesItLater() {
    join();
    old.link = (node, command) -> lost();
    old.transferSender.hurry();
    assertThat(old.caches.size() + old.shards.outboundTransfers().entries()).isEqualTo(KEYS);
    assertThat(old.transferSender.isBusy()).isTrue();
    old.link = TestNode::obey;
    handOver(old);
    assertThat(value(target, moving())).isEqualTo("old");
  }

  @Test
  void hurry_answerIsLost_givesNothingTwice() {
    join();
    old.link = (node, command) -> node.obey(command).thenCompose(report -> lost());
    old.transferSender.hurry();
    assertThat(put(target, moving(), "new")).isInstanceOf(Outcome.Stored.class);
    old.link = TestNode::obey;
    handOver(old);
    assertThat(value(target, moving())).isEqualTo("new");
    assertThat(old.caches.size() + target.caches.size()).isEqualTo(KEYS);
  }

  @Test
  void hurry_takerHasNotTheTableYet_takesNothing() {
    old.follow(both);
    old.transferSender.hurry();
    assertThat(target.caches.size()).isZero();
    assertThat(old.transferSender.isBusy()).isTrue();
    target.follow(both);
    handOver(old);
    assertThat(value(target, moving())).isEqualTo("old");
  }

  @Test
  void hurry_takerKnowsAnInvalidationThatThisNodeDoesNot_isDoneBeforeAnythingIsGiven() {
    join();
    target.shards.invalidate(ofGroup());
    handOver(old);
    assertThat(target.caches.size()).isZero();
    assertThat(read(old, staying())).isInstanceOf(Outcome.Absent.class);
  }

  @Test
  void given_keyOfTheTaker_isWhatItNeedsToDecideAtOnce() {
    join();
    Command.PushChunks given = old.transferSender.given(id(moving()), target.self);
    assertThat(given).isNotNull();
    target.inboundTransfers.receive(given, true);
    assertThat(value(target, moving())).isEqualTo("old");
    assertThat(old.transferSender.given(id(staying()), target.self)).isNull();
  }

  @Test
  void fetch_keyThatIsNotHereYet_isAskedOfItsOldOwner() throws Exception {
    join();
    assertThat(read(target, moving())).isInstanceOf(Outcome.Arriving.class);
    fetch(moving());
    assertThat(value(target, moving())).isEqualTo("old");
  }

  @Test
  void fetch_keyThatIsAskedForAlready_isNotAskedForAgain() throws Exception {
    join();
    CompletableFuture<Void> released = new CompletableFuture<>();
    target.link = (node, command) -> released.thenCompose(go -> node.obey(command));
    CompletableFuture<Void> first = target.inboundTransfers.fetch(List.of(id(moving())));
    await().until(() -> !target.sent.isEmpty());
    CompletableFuture<Void> second = target.inboundTransfers.fetch(List.of(id(moving())));
    assertThat(second).isNotDone();
    released.complete(null);
    CompletableFuture.allOf(first, second).get(10, TimeUnit.SECONDS);
    assertThat(target.sent).hasSize(1);
    assertThat(value(target, moving())).isEqualTo("old");
  }

  @Test
  void fetch_noAnswer_failsInTimeAndMayBeAskedForAgain() throws Exception {
    join();
    target.link = (node, command) -> new CompletableFuture<>();
    CompletableFuture<Void> fetched = target.inboundTransfers.fetch(List.of(id(moving())));
    await().until(fetched::isCompletedExceptionally);
    target.link = TestNode::obey;
    fetch(moving());
    assertThat(value(target, moving())).isEqualTo("old");
  }

  @Test
  void fetch_keyThatWasDeletedHere_doesNotBringItBack() throws Exception {
    join();
    fetch(moving());
    target.perform(new Delete(CACHE, key(moving()), Preconditions.NONE, List.of()));
    handOver(old);
    assertThat(read(target, moving())).isInstanceOf(Outcome.Absent.class);
  }

  @Test
  void fetch_oldOwnerIsNotFencedYet_waitsUntilItIs() {
    target.link = (node, command) -> lost();
    target.follow(both);
    CompletableFuture<Void> fetched = target.inboundTransfers.fetch(List.of(id(moving())));
    assertThat(fetched).isNotDone();
    assertThat(old.perform(get(moving()))).isInstanceOf(Outcome.Found.class);
    target.link = TestNode::obey;
    await().until(fetched::isDone);
    assertThat(old.perform(get(moving()))).isInstanceOf(Outcome.NotOwned.class);
    assertThat(value(target, moving())).isEqualTo("old");
  }

  @Test
  void fetch_invalidatedMeanwhile_asksOnceMore() throws Exception {
    join();
    Command.Invalidate invalidate = ofGroup();
    target.link =
        (node, command) ->
            node.obey(command)
                .whenComplete((report, failure) -> target.shards.invalidate(invalidate));
    fetch(moving());
    assertThat(read(target, moving())).isInstanceOf(Outcome.Absent.class);
    assertThat(target.sent).hasSize(2).allMatch(Command.FetchEntries.class::isInstance);
  }

  @Test
  void follow_oldOwnerIsGone_beginsEmpty() {
    join();
    target.follow(Assignment.next(both, List.of(target.self), Set.of(), 3));
    assertThat(target.inboundTransfers.size()).isZero();
    assertThat(read(target, moving())).isInstanceOf(Outcome.Absent.class);
  }

  @Test
  void follow_takerIsGone_wipesWhatItWasToGet() {
    join();
    old.follow(Assignment.next(both, List.of(old.self), Set.of(), 3));
    assertThat(old.transferSender.isBusy()).isFalse();
    assertThat(value(old, staying())).isEqualTo("old");
    assertThat(read(old, moving())).isInstanceOf(Outcome.Absent.class);
  }

  @Test
  void follow_takerIsDrained_endsWithEverythingAtItsFirstOwner() {
    join();
    handOver(old);
    put(target, moving(), "new");
    PartitionTable back = next(both, Set.of("target"));
    target.follow(back);
    old.follow(back);
    handOver(target);
    assertThat(value(old, moving())).isEqualTo("new");
    assertThat(old.caches.size()).isEqualTo(KEYS);
    assertThat(target.caches.size()).isZero();
  }

  private void join() {
    old.follow(both);
    target.follow(both);
  }

  private void handOver(TestNode node) {
    await()
        .until(
            () -> {
              node.transferSender.hurry();
              return !node.transferSender.isBusy();
            });
  }

  private PartitionTable next(PartitionTable table, Set<String> draining) {
    return Assignment.next(table, List.of(old.self, target.self), draining, table.epoch() + 1);
  }

  private void fetch(int number) throws Exception {
    target.inboundTransfers.fetch(List.of(id(number))).get(10, TimeUnit.SECONDS);
  }

  private static CompletableFuture<CommandReport> lost() {
    return CompletableFuture.failedFuture(new IllegalStateException("cut"));
  }

  private static Command.Invalidate ofGroup() {
    return Command.Invalidate.of(CACHE, Invalidation.ofGroups(List.of(GROUP)), null);
  }

  private TestNode owner(PartitionTable table, int number) {
    return table.owner(key(number).partition()).isSameProcess(old.self) ? old : target;
  }

  /** A key that goes to the target. */
  private int moving() {
    return first(target);
  }

  private int staying() {
    return first(old);
  }

  private int first(TestNode owner) {
    int number = 0;
    while (owner(both, number) != owner) {
      number++;
    }
    return number;
  }

  private static Outcome put(TestNode node, int number, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return node.perform(
        new Put(
            CACHE,
            key(number),
            bytes,
            Format.BYTES,
            List.of(GROUP),
            LifetimeSpec.UNSAID,
            Preconditions.NONE,
            List.of()));
  }

  private static Outcome read(TestNode node, int number) {
    return node.perform(get(number));
  }

  private static String value(TestNode node, int number) {
    Outcome outcome = read(node, number);
    assertThat(outcome).isInstanceOf(Outcome.Found.class);
    return new String(((Outcome.Found) outcome).entry().value(), StandardCharsets.UTF_8);
  }

  private static Get get(int number) {
    return Get.plain(CACHE, key(number));
  }

  private static EntryId id(int number) {
    return new EntryId(CACHE, key(number));
  }

  private static Key key(int number) {
    try {
      return Key.of("key-" + number);
    } catch (KeyException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
