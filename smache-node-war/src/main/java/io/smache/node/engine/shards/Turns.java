package io.smache.node.engine.shards;

import io.smache.node.runtime.EventLoops;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The turns of the event loops. Thread-safe. */
final class Turns {
  private final EventLoops loops;
  private final Function<List<Operation>, List<Outcome>> execution;
  private final Function<Operation, CompletableFuture<Outcome>> arrival;
  private final Map<Executor, Turn> turns = new ConcurrentHashMap<>();

  /** Begins without turns; the parameters are those of {@link Turn}. */
  Turns(
      EventLoops loops,
      Function<List<Operation>, List<Outcome>> execution,
      Function<Operation, CompletableFuture<Outcome>> arrival) {
    this.loops = loops;
    this.execution = execution;
    this.arrival = arrival;
  }

  /** Returns the turn of the event loop that runs this; null on another thread. */
  @Nullable Turn current() {
    Executor loop = loops.current();
    return loop == null
        ? null
        : turns.computeIfAbsent(loop, each -> new Turn(each, execution, arrival));
  }
}
