package io.smache.node.engine.grid;

import io.smache.node.store.Cell;
import io.smache.node.store.Cells;
import io.smache.node.store.EntryId;
import io.smache.node.store.Outcome;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What keeps two writes of one key apart. Of each key one step is under way at this node: it takes
 * all writes that have gathered, applies them one after the other to the cell, and puts the last
 * cell in place of the first if that is still there; if another member was faster, it begins again.
 * So a busy key costs one exchange between members for many writes. No thread waits. Thread-safe.
 */
final class KeyQueues {
  private static final Logger LOG = System.getLogger(KeyQueues.class.getName());
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(4);

  private static final Outcome CONTENDED =
      new Outcome.Unavailable("other members write this key all the time");

  private final GridCells cells;
  private final Map<EntryId, Queue> queues = new ConcurrentHashMap<>();

  KeyQueues(GridCells cells) {
    this.cells = cells;
  }

  /** A write that waits for its step, or is part of it. */
  private record Asked(Function<Cell, Cells.Change> write, CompletableFuture<Outcome> outcome) {}

  /** The writes of a key that come while a step is under way. Guarded by the map. */
  private static final class Queue {
    private List<Asked> waiting = new ArrayList<>(1);

    List<Asked> take() {
      List<Asked> taken = waiting;
      waiting = new ArrayList<>(1);
      return taken;
    }
  }

  /**
   * Applies a write to a cell.
   *
   * @param write may be called more than once, each time with what is there then
   */
  CompletableFuture<Outcome> add(EntryId id, Function<Cell, Cells.Change> write) {
    Asked added = new Asked(write, new CompletableFuture<>());
    boolean[] first = new boolean[1];
    queues.compute(
        id,
        (same, queue) -> {
          first[0] = queue == null;
          Queue known = queue == null ? new Queue() : queue;
          if (queue != null) {
            known.waiting.add(added);
          }
          return known;
        });
    if (first[0]) {
      step(id, List.of(added), System.nanoTime());
    }
    return added.outcome();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // whoever waits is told of a failure
  private void step(EntryId id, List<Asked> some, long began) {
    CompletableFuture.completedFuture(id)
        .thenCompose(cells::read)
        .thenCompose(before -> apply(id, before, some))
        .whenComplete(
            (outcomes, failure) -> {
              if (failure != null) {
                LOG.log(Level.DEBUG, "a step of the grid failed", failure);
                fail(some, new Outcome.Unavailable("the grid has not answered in time"));
              } else if (outcomes != null) {
                complete(some, outcomes);
              } else if (System.nanoTime() - began > MOST_NANOS) {
                fail(some, CONTENDED);
              } else {
                step(id, some, began);
                return;
              }
              goOn(id);
            });
  }

  /** Completes with the outcomes, null when another member was faster. */
  private CompletableFuture<@Nullable List<Outcome>> apply(
      EntryId id, GridCells.Kept before, List<Asked> some) {
    List<Outcome> outcomes = new ArrayList<>(some.size());
    Cell cell = before.cell();
    for (Asked each : some) {
      Cells.Change change = each.write().apply(cell);
      cell = change.next();
      outcomes.add(change.outcome());
    }
    if (isSame(cell, before.cell())) {
      return CompletableFuture.completedFuture(outcomes);
    }
    return cells
        .replace(id, before, cell, Cells.now())
        .thenApply(done -> Boolean.TRUE.equals(done) ? outcomes : null);
  }

  @SuppressWarnings("ReferenceEquality") // the very cell, unchanged
  private static boolean isSame(Cell one, Cell other) {
    return one == other;
  }

  private static void complete(List<Asked> some, List<Outcome> outcomes) {
    for (int i = 0; i < some.size(); i++) {
      some.get(i).outcome().complete(outcomes.get(i));
    }
  }

  private static void fail(List<Asked> some, Outcome outcome) {
    some.forEach(each -> each.outcome().complete(outcome));
  }

  private void goOn(EntryId id) {
    List<Asked> next = new ArrayList<>();
    queues.computeIfPresent(
        id,
        (same, queue) -> {
          next.addAll(queue.take());
          return next.isEmpty() ? null : queue;
        });
    if (!next.isEmpty()) {
      step(id, next, System.nanoTime());
    }
  }
}
