package io.smache.node.engine.shards;

import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Gathers the writes that an event loop reads in one turn, over all its connections, and executes
 * them together at its end: those of one shard share the lock. For one event loop.
 */
final class Turn {
  private final Executor loop;
  private final Function<List<Operation>, List<Outcome>> execution;
  private final Function<Operation, CompletableFuture<Outcome>> arrival;
  private List<Operation> operations = new ArrayList<>();
  private List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();

  /**
   * Begins with nothing gathered.
   *
   * @param loop runs what is given to it when it has read from all connections
   * @param execution executes all that are gathered
   * @param arrival executes one whose entry has not arrived yet
   */
  Turn(
      Executor loop,
      Function<List<Operation>, List<Outcome>> execution,
      Function<Operation, CompletableFuture<Outcome>> arrival) {
    this.loop = loop;
    this.execution = execution;
    this.arrival = arrival;
  }

  /** Completes with the outcome, on this event loop unless the entry has to arrive first. */
  CompletableFuture<Outcome> add(Operation operation) {
    if (operations.isEmpty()) {
      loop.execute(this::end);
    }
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    operations.add(operation);
    outcomes.add(outcome);
    return outcome;
  }

  private void end() {
    List<Operation> gathered = operations;
    List<CompletableFuture<Outcome>> awaited = outcomes;
    operations = new ArrayList<>();
    outcomes = new ArrayList<>();
    try {
      List<Outcome> done = execution.apply(gathered);
      for (int i = 0; i < awaited.size(); i++) {
        Outcome outcome = done.get(i);
        if (outcome instanceof Outcome.Arriving) {
          pass(arrival.apply(gathered.get(i)), awaited.get(i));
        } else {
          awaited.get(i).complete(outcome);
        }
      }
    } catch (RuntimeException | Error e) {
      awaited.forEach(each -> each.completeExceptionally(e));
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the other one is told of a failure
  private static void pass(CompletableFuture<Outcome> from, CompletableFuture<Outcome> to) {
    from.whenComplete(
        (outcome, failure) -> {
          if (failure == null) {
            to.complete(outcome);
          } else {
            to.completeExceptionally(failure);
          }
        });
  }
}
