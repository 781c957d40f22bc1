package io.smache.node.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.smache.node.engine.Answer;
import io.smache.node.store.Format;
import io.smache.node.store.Get;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import io.smache.node.store.Put;
import io.smache.node.store.State;
import io.smache.protocol.Assignment;
import io.smache.protocol.ClusterSecret;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Operations go to the owners of their keys, and once more when these have changed. */
class CacheTest {
  private static final int LIMIT = 1 << 10;
  private static final Outcome ABSENT = new Outcome.Absent(State.PLAIN, 0);

  private final LoneNode node = new LoneNode(ClusterSecret.NONE, LIMIT);
  private final Member other = new Member("other", "http://127.0.0.1:2", "other-instance");
  private final PartitionTable both =
      Assignment.first("cluster", false, List.of(node.self, other), 1);

  /** What was asked of the other node. */
  private final List<Operation> asked = Collections.synchronizedList(new ArrayList<>());

  @Test
  void perform_noTableYet_isUnavailable() throws KeyException {
    Answer answer = perform(get(Key.of("k")));
    assertThat(answer.outcome()).isInstanceOf(Outcome.Unavailable.class);
    assertThat(answer.node()).isEqualTo("lone");
  }

  @Test
  void perform_ownKey_isExecutedHere() {
    node.membership.accept(both);
    Key own = key(node.self);
    assertThat(perform(put(own)).outcome()).isInstanceOf(Outcome.Stored.class);
    assertThat(perform(get(own)).outcome()).isInstanceOf(Outcome.Found.class);
    assertThat(asked).isEmpty();
  }

  @Test
  void perform_keyOfAnother_isExecutedThere() {
    node.membership.accept(both);
    others(ABSENT);
    assertThat(perform(get(key(other)))).isEqualTo(new Answer("other", ABSENT));
    assertThat(asked).hasSize(1);
  }

  @Test
  void perform_otherOwnsItNoLonger_isTriedOnceMoreWithTheNewerTable() {
    node.membership.accept(both);
    Key key = key(other);
    node.others =
        (owner, operations) -> {
          asked.addAll(operations);
          node.membership.accept(alone(both));
          return List.of(new Outcome.NotOwned());
        };
    Answer answer = perform(get(key));
    assertThat(answer.node()).isEqualTo("lone");
    assertThat(answer.outcome()).isInstanceOf(Outcome.Absent.class);
    assertThat(asked).hasSize(1);
  }

  @Test
  void perform_noNewerTable_isUnavailableAndNotTriedAgain() {
    node.membership.accept(both);
    others(new Outcome.NotOwned());
    assertThat(perform(get(key(other))).outcome())
        .isEqualTo(new Outcome.Unavailable("the partition of this key is moving"));
    assertThat(asked).hasSize(1);
  }

  @Test
  void performAll_keysOfBoth_areAnsweredInOrderByOneCallForEachOwner() {
    node.membership.accept(both);
    List<Integer> calls = Collections.synchronizedList(new ArrayList<>());
    node.others =
        (owner, operations) -> {
          calls.add(operations.size());
          return Collections.nCopies(operations.size(), ABSENT);
        };
    Key own = key(node.self);
    Key foreign = key(other);
    List<Answer> answers =
        node.cache
            .performAll(List.of(get(foreign), put(own), get(foreign), get(own)))
            .toCompletableFuture()
            .join();
    assertThat(answers).extracting(Answer::node).containsExactly("other", "lone", "other", "lone");
    assertThat(answers.get(3).outcome()).isInstanceOf(Outcome.Found.class);
    assertThat(calls).containsExactly(2);
  }

  @Test
  void performAll_ownerChanges_isTriedOnceMore() {
    node.membership.accept(both);
    Key own = key(node.self);
    Key foreign = key(other);
    node.others =
        (owner, operations) -> {
          node.membership.accept(alone(both));
          return Collections.nCopies(operations.size(), new Outcome.NotOwned());
        };
    List<Answer> answers =
        node.cache.performAll(List.of(put(foreign), put(own))).toCompletableFuture().join();
    assertThat(answers).allMatch(answer -> answer.outcome() instanceof Outcome.Stored);
  }

  @Test
  void performHereNow_senderHasANewerTable_isToldToWait() {
    node.membership.accept(both);
    Operation foreign = get(key(other));
    assertThat(node.cache.performHereNow(List.of(foreign), 1).toCompletableFuture().join())
        .containsExactly(new Outcome.NotOwned());
    assertThat(node.cache.performHereNow(List.of(foreign), 2).toCompletableFuture().join())
        .containsExactly(new Outcome.Later());
  }

  private void others(Outcome outcome) {
    node.others =
        (owner, operations) -> {
          asked.addAll(operations);
          return Collections.nCopies(operations.size(), outcome);
        };
  }

  private PartitionTable alone(PartitionTable before) {
    return Assignment.next(before, List.of(node.self), Set.of(), before.epoch() + 1);
  }

  private Answer perform(Operation operation) {
    return node.cache.perform(operation).toCompletableFuture().join();
  }

  private Key key(Member owner) {
    return keys()
        .filter(key -> both.owner(key.partition()).isSameProcess(owner))
        .findFirst()
        .orElseThrow();
  }

  private static Stream<Key> keys() {
    return IntStream.range(0, 1000).mapToObj(CacheTest::key);
  }

  private static Key key(int number) {
    try {
      return Key.of("key-" + number);
    } catch (KeyException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Operation get(Key key) {
    return Get.plain("c", key);
  }

  private static Operation put(Key key) {
    return Put.plain("c", key, new byte[1], Format.BYTES);
  }
}
