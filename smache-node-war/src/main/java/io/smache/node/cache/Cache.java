package io.smache.node.cache;

import io.smache.node.cluster.Membership;
import io.smache.node.cluster.PeerLink;
import io.smache.node.cluster.Route;
import io.smache.node.engine.Answer;
import io.smache.node.engine.Engine;
import io.smache.node.runtime.NodeScoped;
import io.smache.node.runtime.Timeouts;
import io.smache.node.store.Command;
import io.smache.node.store.Get;
import io.smache.node.store.Numbered;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import io.smache.node.store.State;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Executes operations on the owners of their keys. What has moved, or got no answer that counts, is
 * asked again where the key is then, once or for as long as the engine says. Thread-safe; no method
 * waits for the network.
 */
@NodeScoped
public class Cache {
  /** Memory of a request that waits for a value, in bytes; measured. */
  private static final long WAITING_BYTES = 1 << 15;

  /** The most requests that may wait at a time: together they take up to an eighth of the heap. */
  private static final int MAX_WAITING =
      (int) (Runtime.getRuntime().maxMemory() / 8 / WAITING_BYTES);

  private final Semaphore waiting = new Semaphore(MAX_WAITING);

  private final Membership membership;
  private final PeerLink peers;
  private final Engine engine;

  @Inject
  Cache(Membership membership, PeerLink peers, Engine engine) {
    this.membership = membership;
    this.peers = peers;
    this.engine = engine;
  }

  /**
   * Executes an operation on the owner of its key. Completes within five seconds, plus the time
   * that a GET may wait; never fails.
   */
  public CompletionStage<Answer> perform(Operation operation) {
    if (!(operation instanceof Get get && get.timeout() > 0)) {
      return performAtOnce(operation);
    }
    if (!waiting.tryAcquire()) {
      return performAtOnce(get.waitingFor(0))
          .thenApply(answer -> hasValueOrWins(answer) ? answer : crowded());
    }
    return performAtOnce(operation).whenComplete((answer, failure) -> waiting.release());
  }

  private static boolean hasValueOrWins(Answer answer) {
    return !(answer.outcome() instanceof Outcome.Absent absent) || absent.state() == State.WINNER;
  }

  /**
   * What is executed here ends by itself; another node, or a newer table, is not awaited longer.
   */
  private CompletionStage<Answer> performAtOnce(Operation asked) {
    Operation operation = engine.repeatable(asked);
    long epoch = engine.epoch();
    long began = System.nanoTime();
    Route route = engine.route(operation, false);
    CompletableFuture<Answer> first = attempt(route, operation);
    if (first.isDone() && !isToBeRepeated(first.join())) {
      engine.settle(operation);
      return first;
    }
    CompletableFuture<Answer> whole =
        first.thenCompose(
            answer -> {
              if (isToBeRepeated(answer)) {
                return inTime(again(onceMore(operation), epoch, began), operation, began);
              }
              engine.settle(operation);
              return first;
            });
    return route instanceof Route.There ? inTime(whole, operation, began) : whole;
  }

  private CompletableFuture<Answer> inTime(
      CompletableFuture<Answer> answer, Operation operation, long began) {
    long wait = operation instanceof Get get ? get.timeout() : 0;
    long left = Timeouts.REQUEST.toMillis() + wait - millisSince(began);
    return answer.completeOnTimeout(late(), Math.max(0, left), TimeUnit.MILLISECONDS);
  }

  private static long millisSince(long began) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
  }

  /**
   * Executes operations on the owners of their keys: those of one owner in one call, those on one
   * key in order. Completes with all answers within five seconds; never fails.
   */
  public CompletionStage<List<Answer>> performAll(List<Operation> operations) {
    long epoch = engine.epoch();
    long began = System.nanoTime();
    List<Operation> asked = new ArrayList<>(operations.size());
    operations.forEach(each -> asked.add(engine.repeatable(each)));
    Answer[] answers = new Answer[asked.size()];
    Arrays.fill(answers, late());
    return attemptAll(asked, indexes(answers), answers)
        .thenCompose(done -> againAll(asked, answers, epoch, began))
        .thenRun(() -> asked.forEach(engine::settle))
        .completeOnTimeout(null, Timeouts.REQUEST.toMillis(), TimeUnit.MILLISECONDS)
        .thenApply(done -> List.of(answers.clone()));
  }

  /**
   * Executes operations for another node; never forwards them.
   *
   * @param epoch of the table by which the other node chose this one
   */
  public CompletionStage<List<Outcome>> performHere(List<Operation> operations, long epoch) {
    long own = engine.epoch();
    CompletableFuture<List<Outcome>> done =
        operations.size() == 1
            ? engine.perform(operations.get(0)).thenApply(List::of)
            : engine.performAll(operations);
    return epoch > own
        ? done.thenCompose(outcomes -> unlessBehind(outcomes, operations, own))
        : done;
  }

  /**
   * Executes for another node what needs no waiting; the rest gets {@link Outcome.Later}.
   *
   * @param epoch of the table by which the other node chose this one
   */
  public CompletionStage<List<Outcome>> performHereNow(List<Operation> operations, long epoch) {
    boolean behind = epoch > engine.epoch();
    CompletableFuture<List<Outcome>> done = engine.performNow(operations);
    return behind
        ? done.thenApply(
            outcomes ->
                outcomes.stream()
                    .map(each -> isNotOwned(each) ? new Outcome.Later() : each)
                    .toList())
        : done;
  }

  private CompletionStage<List<Outcome>> unlessBehind(
      List<Outcome> outcomes, List<Operation> operations, long epoch) {
    if (outcomes.stream().noneMatch(Cache::isNotOwned)) {
      return CompletableFuture.completedFuture(outcomes);
    }
    return engine
        .newerThan(epoch)
        .thenCompose(table -> retried(outcomes, operations))
        .exceptionally(failure -> outcomes);
  }

  private CompletableFuture<List<Outcome>> retried(
      List<Outcome> outcomes, List<Operation> operations) {
    List<Integer> refused =
        IntStream.range(0, outcomes.size())
            .filter(i -> isNotOwned(outcomes.get(i)))
            .boxed()
            .toList();
    return engine
        .performAll(refused.stream().map(operations::get).toList())
        .thenApply(
            done -> {
              List<Outcome> retried = new ArrayList<>(outcomes);
              for (int i = 0; i < done.size(); i++) {
                retried.set(refused.get(i), done.get(i));
              }
              return retried;
            });
  }

  private CompletableFuture<Answer> attempt(Route route, Operation operation) {
    if (route instanceof Route.There there) {
      return send(there, operation).thenApply(done -> new Answer(there.owner().name(), done));
    }
    if (route instanceof Route.Nowhere) {
      return CompletableFuture.completedFuture(notJoined());
    }
    CompletableFuture<Outcome> done = engine.perform(operation);
    return done.isDone()
        ? CompletableFuture.completedFuture(here(done.join()))
        : done.thenApply(this::here);
  }

  private CompletableFuture<Outcome> send(Route.There there, Operation operation) {
    Command.PushChunks given = engine.given(operation, there.owner());
    return given == null
        ? peers.send(there.owner(), there.epoch(), operation)
        : peers.send(there.owner(), there.epoch(), operation, given);
  }

  private CompletableFuture<Answer> again(Operation operation, long epoch, long began) {
    return engine
        .newerThan(epoch)
        .thenCompose(
            table -> attempt(engine.route(operation, false), withTheRest(operation, began)))
        .thenCompose(
            answer ->
                isOver(answer, began)
                    ? settled(operation, answer)
                    : again(operation, engine.epoch(), began))
        .exceptionally(failure -> moving());
  }

  private boolean isOver(Answer answer, long began) {
    return !isToBeRepeated(answer) || millisSince(began) >= engine.retryMillis();
  }

  private CompletableFuture<Answer> settled(Operation operation, Answer answer) {
    engine.settle(operation);
    return CompletableFuture.completedFuture(isNotOwned(answer) ? moving() : answer);
  }

  private static Operation onceMore(Operation operation) {
    return operation instanceof Numbered numbered ? numbered.onceMore() : operation;
  }

  /** A GET that waited at the old owner waits at the new one for the rest of its time. */
  private static Operation withTheRest(Operation operation, long began) {
    return operation instanceof Get get && get.timeout() > 0
        ? get.waitingFor(Math.max(0, get.timeout() - millisSince(began)))
        : operation;
  }

  /** Fills in the answers to the operations at these indexes. */
  private CompletableFuture<Void> attemptAll(
      List<Operation> operations, List<Integer> indexes, Answer[] answers) {
    List<CompletableFuture<?>> chunks = new ArrayList<>();
    byRoute(operations, indexes)
        .forEach((route, some) -> chunks.add(attemptPart(route, operations, some, answers)));
    return CompletableFuture.allOf(chunks.toArray(CompletableFuture<?>[]::new));
  }

  /** Routes by one table, so that operations on one key go to one node, in order. */
  private Map<Route, List<Integer>> byRoute(List<Operation> operations, List<Integer> indexes) {
    boolean ordered = !operations.stream().allMatch(Get.class::isInstance);
    while (true) {
      long epoch = engine.epoch();
      Map<Route, List<Integer>> byRoute = new LinkedHashMap<>();
      for (int index : indexes) {
        Route route = engine.route(operations.get(index), ordered);
        byRoute.computeIfAbsent(route, none -> new ArrayList<>()).add(index);
      }
      if (epoch == engine.epoch()) {
        return byRoute;
      }
    }
  }

  private CompletableFuture<?> attemptPart(
      Route route, List<Operation> operations, List<Integer> indexes, Answer[] answers) {
    List<Operation> some = indexes.stream().map(operations::get).toList();
    if (route instanceof Route.There there) {
      return peers
          .sendAll(there.owner(), there.epoch(), some)
          .thenAccept(outcomes -> fill(answers, indexes, there.owner().name(), outcomes));
    }
    if (route instanceof Route.Here) {
      return engine
          .performAll(some)
          .thenAccept(outcomes -> fill(answers, indexes, membership.self().name(), outcomes));
    }
    indexes.forEach(index -> answers[index] = notJoined());
    return CompletableFuture.completedFuture(null);
  }

  private static void fill(
      Answer[] answers, List<Integer> indexes, String node, List<Outcome> outcomes) {
    for (int i = 0; i < outcomes.size(); i++) {
      answers[indexes.get(i)] = new Answer(node, outcomes.get(i));
    }
  }

  private CompletableFuture<@Nullable Void> againAll(
      List<Operation> operations, Answer[] answers, long epoch, long began) {
    List<Integer> refused =
        indexes(answers).stream().filter(index -> isToBeRepeated(answers[index])).toList();
    if (refused.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    refused.forEach(index -> operations.set(index, onceMore(operations.get(index))));
    return engine
        .newerThan(epoch)
        .thenCompose(table -> attemptAll(operations, refused, answers))
        .thenCompose(
            done ->
                millisSince(began) < engine.retryMillis()
                    ? againAll(operations, answers, engine.epoch(), began)
                    : CompletableFuture.completedFuture(null))
        .exceptionally(failure -> null)
        .thenRun(
            () ->
                refused.stream()
                    .filter(index -> isNotOwned(answers[index]))
                    .forEach(index -> answers[index] = moving()));
  }

  private static List<Integer> indexes(Answer[] answers) {
    List<Integer> indexes = new ArrayList<>(answers.length);
    for (int i = 0; i < answers.length; i++) {
      indexes.add(i);
    }
    return indexes;
  }

  private Answer late() {
    return unavailable("no answer in time");
  }

  private Answer crowded() {
    return unavailable("too many requests wait for values at this node");
  }

  private Answer moving() {
    return unavailable("the partition of this key is moving");
  }

  private Answer notJoined() {
    return unavailable(Membership.NOT_JOINED);
  }

  private Answer unavailable(String reason) {
    return here(new Outcome.Unavailable(reason));
  }

  private Answer here(Outcome outcome) {
    return new Answer(membership.self().name(), outcome);
  }

  private boolean isToBeRepeated(Answer answer) {
    return engine.isToBeRepeated(answer.outcome());
  }

  private static boolean isNotOwned(Answer answer) {
    return isNotOwned(answer.outcome());
  }

  private static boolean isNotOwned(Outcome outcome) {
    return outcome instanceof Outcome.NotOwned;
  }
}
