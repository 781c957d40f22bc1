package io.smache.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.smache.node.store.FakeClock;
import io.smache.node.store.Get;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private static final int MANY = 100_000;
  private static final Outcome DONE = new Outcome.Removed();

  private final List<Sent> calls = new ArrayList<>();
  private final InFlight inFlight = new InFlight(1 << 30);
  private final FakeClock clock = new FakeClock();
  private final Outbox outbox = new Outbox(this::call, inFlight, Runnable::run, clock);

  private record Sent(
      long epoch,
      List<Operation> operations,
      boolean waits,
      CompletableFuture<List<Outcome>> answer) {
    void answer(Outcome outcome) {
      answer.complete(Collections.nCopies(operations.size(), outcome));
    }
  }

  @Test
  void send_nothingUnderWay_goesAtOnce() throws KeyException {
    CompletableFuture<Outcome> answer = outbox.send(7, get("a"));
    assertThat(calls).hasSize(1);
    assertThat(calls.get(0).epoch()).isEqualTo(7);
    assertThat(calls.get(0).waits()).isFalse();
    calls.get(0).answer(DONE);
    assertThat(answer).isCompletedWithValue(DONE);
  }

  @Test
  void send_callUnderWay_gathersAndTravelsTogetherInOrder() throws KeyException {
    CompletableFuture<Outcome> first = outbox.send(1, get("a"));
    Operation second = get("a");
    Operation third = get("a");
    CompletableFuture<Outcome> answerOfSecond = outbox.send(2, second);
    CompletableFuture<Outcome> answerOfThird = outbox.send(1, third);
    assertThat(calls).hasSize(1);
    calls.get(0).answer(DONE);
    assertThat(first).isCompletedWithValue(DONE);
    assertThat(calls).hasSize(2);
    assertThat(calls.get(1).operations()).containsExactly(second, third);
    assertThat(calls.get(1).epoch()).as("the newest").isEqualTo(2);
    Outcome other = new Outcome.PreconditionFailed();
    calls.get(1).answer().complete(List.of(DONE, other));
    assertThat(answerOfSecond).isCompletedWithValue(DONE);
    assertThat(answerOfThird).isCompletedWithValue(other);
  }

  @Test
  void send_callFails_saysSoAndTheNextOneGoes() throws KeyException {
    CompletableFuture<Outcome> failed = outbox.send(1, get("a"));
    CompletableFuture<Outcome> few = outbox.send(1, get("a"));
    calls.get(0).answer().completeExceptionally(new IllegalStateException("cut"));
    assertThat(failed.join()).isInstanceOf(Outcome.Unavailable.class);
    calls.get(1).answer().complete(List.of());
    assertThat(few.join()).isInstanceOf(Outcome.Unavailable.class);
    CompletableFuture<Outcome> next = outbox.send(1, get("a"));
    calls.get(2).answer(DONE);
    assertThat(next).isCompletedWithValue(DONE);
  }

  @Test
  void send_callThrows_saysSo() throws KeyException {
    Outbox broken =
        new Outbox(
            (epoch, operations, waits) -> {
              throw new IllegalStateException("broken");
            },
            inFlight,
            Runnable::run,
            clock);
    assertThat(broken.send(1, get("a")).join()).isInstanceOf(Outcome.Unavailable.class);
    assertThat(broken.send(1, get("a")).join()).isInstanceOf(Outcome.Unavailable.class);
  }

  @Test
  void send_forLater_isAskedAloneAndHoldsUpNobody() throws KeyException {
    CompletableFuture<Outcome> later = outbox.send(1, get("a"));
    CompletableFuture<Outcome> next = outbox.send(1, get("a"));
    calls.get(0).answer(new Outcome.Later());
    assertThat(calls).hasSize(3);
    Sent alone = calls.stream().filter(Sent::waits).findAny().orElseThrow();
    calls.get(1).answer(DONE);
    calls.get(2).answer(DONE);
    assertThat(alone.operations()).hasSize(1);
    assertThat(later).isCompletedWithValue(DONE);
    assertThat(next).isCompletedWithValue(DONE);
  }

  @Test
  void send_tooLate_isNotSentAnyMore() throws KeyException {
    assertThat(outbox.send(1, get("a"))).isNotDone();
    CompletableFuture<Outcome> late = outbox.send(1, get("a"));
    clock.pass(2000);
    Operation fresh = get("a");
    assertThat(outbox.send(1, fresh)).isNotDone();
    calls.get(0).answer(DONE);
    assertThat(late.join()).isInstanceOf(Outcome.Unavailable.class);
    assertThat(calls.get(1).operations()).containsExactly(fresh);
  }

  @Test
  void send_moreBytesThanMayWait_isRefusedUntilOthersAreAnswered() throws KeyException {
    Outbox narrow = new Outbox(this::call, new InFlight(1000), Runnable::run, clock);
    assertThat(narrow.send(1, get("a"))).isNotDone();
    assertThat(narrow.send(1, get("b")).join()).isInstanceOf(Outcome.Unavailable.class);
    calls.get(0).answer(DONE);
    assertThat(narrow.send(1, get("b"))).isNotDone();
  }

  @Test
  void send_manyWaitAndEachCallIsAnsweredAtOnce_overflowsNoStack() throws KeyException {
    List<CompletableFuture<Outcome>> answers = new ArrayList<>();
    List<CompletableFuture<List<Outcome>>> first = new ArrayList<>();
    Outbox quick =
        new Outbox(
            (epoch, operations, waits) -> {
              CompletableFuture<List<Outcome>> answer = new CompletableFuture<>();
              if (first.isEmpty()) {
                first.add(answer);
              } else {
                answer.complete(Collections.nCopies(operations.size(), DONE));
              }
              return answer;
            },
            inFlight,
            Runnable::run,
            clock);
    Operation get = get("a");
    for (int i = 0; i < MANY; i++) {
      answers.add(quick.send(1, get));
    }
    first.get(0).complete(List.of(DONE));
    assertThat(answers).allMatch(answer -> answer.join().equals(DONE));
  }

  private CompletableFuture<List<Outcome>> call(
      long epoch, List<Operation> operations, boolean waits) {
    Sent sent = new Sent(epoch, operations, waits, new CompletableFuture<>());
    calls.add(sent);
    return sent.answer();
  }

  private static Operation get(String key) throws KeyException {
    return Get.plain(Operation.DEFAULT_CACHE, Key.of(key));
  }
}
