package io.smache.node.cache;

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
  private List<Operation> operations = new ArrayList<>();
  private List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();

  /**
   * Begins with nothing gathered.
   *
   * @param loop runs what is given to it when it has read from all connections
   */
  Turn(Executor loop) {
    this.loop = loop;
  }

  /**
   * Completes with the outcome, on this event loop.
   *
   * @param execution executes all that are gathered; the same for all
   */
  CompletableFuture<Outcome> add(
      Operation operation, Function<List<Operation>, List<Outcome>> execution) {
    if (operations.isEmpty()) {
      loop.execute(() -> end(execution));
    }
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    operations.add(operation);
    outcomes.add(outcome);
    return outcome;
  }

  private void end(Function<List<Operation>, List<Outcome>> execution) {
    List<Operation> gathered = operations;
    List<CompletableFuture<Outcome>> awaited = outcomes;
    operations = new ArrayList<>();
    outcomes = new ArrayList<>();
    try {
      List<Outcome> done = execution.apply(gathered);
      for (int i = 0; i < awaited.size(); i++) {
        awaited.get(i).complete(done.get(i));
      }
    } catch (RuntimeException | Error e) {
      awaited.forEach(each -> each.completeExceptionally(e));
    }
  }
}
