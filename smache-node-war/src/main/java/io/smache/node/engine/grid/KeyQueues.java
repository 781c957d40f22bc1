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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.infinispan.partitionhandling.AvailabilityException;
import org.jspecify.annotations.Nullable;

/**
 * What keeps two writes of one key apart. Of each key one step is under way at this node: it takes
 * all writes that have gathered, applies them one after the other to the cell, and puts the last
 * cell in place of the first if that is still there; if another member was faster, it begins again.
 * So a busy key costs one exchange between members for many writes. When it is not known whether
 * the cells were exchanged, the step is repeated: writes that were done are recognized. No thread
 * waits. Thread-safe.
 */
final class KeyQueues {
  private static final Logger LOG = System.getLogger(KeyQueues.class.getName());
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(4);
  private static final long PAUSE_MILLIS = 20;

  /** After so many steps that were done at once, another thread works for the others. */
  private static final int MOST_AT_ONCE = 64;

  /** How many keys are mended at a time: each may take a thread of their owner for 2 s. */
  private static final int MOST_MENDED = 100;

  private static final Outcome CONTENDED =
      new Outcome.Unavailable("other members write this key all the time");

  private static final Outcome LATE = new Outcome.Unavailable("the grid has not answered in time");

  private static final Outcome CUT_OFF =
      new Outcome.Unavailable("this node is cut off from most of the grid");

  private final Executor soon =
      CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS, Runnable::run);
  private final GridCells cells;

  /** The writes of a key that come while a step is under way; each list is guarded by the map. */
  private final Map<EntryId, List<Asked>> waiting = new ConcurrentHashMap<>();

  /** Keys of writes that may have been done at some members, and were given up. */
  private final Set<EntryId> unsure = ConcurrentHashMap.newKeySet();

  KeyQueues(GridCells cells) {
    this.cells = cells;
  }

  /** What becomes of a cell. */
  interface Write {
    /**
     * Decides; may be called more than once, each time with what is there then.
     *
     * @param again whether it may have been done already
     */
    Cells.Change apply(Cell cell, boolean again);
  }

  /** A write that waits for its step, or is part of it. */
  private record Asked(Write write, long since, CompletableFuture<Outcome> outcome) {
    boolean isLate() {
      return System.nanoTime() - since > MOST_NANOS;
    }
  }

  /**
   * Some writes of one key that are done together.
   *
   * @param again whether they may have been done already, at some members at least
   * @param before what the owner is known to have, null for what is found here
   */
  private record Step(
      EntryId id, List<Asked> some, boolean again, GridCells.@Nullable Kept before) {
    Step repeated() {
      return new Step(id, some, true, null);
    }

    Step with(GridCells.@Nullable Kept found) {
      return new Step(id, some, again, found);
    }

    boolean isLate() {
      return some.get(0).isLate();
    }

    void fail(Outcome outcome) {
      some.forEach(each -> each.outcome().complete(outcome));
    }

    void complete(List<Outcome> outcomes) {
      for (int i = 0; i < some.size(); i++) {
        some.get(i).outcome().complete(outcomes.get(i));
      }
    }
  }

  /**
   * Applies a write to a cell.
   *
   * @param again whether it may have been done already, at some members at least
   */
  CompletableFuture<Outcome> add(EntryId id, boolean again, Write write) {
    Asked added =
        new Asked(
            again ? (cell, repeated) -> write.apply(cell, true) : write,
            System.nanoTime(),
            new CompletableFuture<>());
    boolean[] first = new boolean[1];
    waiting.compute(
        id,
        (same, others) -> {
          first[0] = others == null;
          List<Asked> known = others == null ? new ArrayList<>(1) : others;
          if (others != null) {
            known.add(added);
          }
          return known;
        });
    if (first[0]) {
      begin(new Step(id, List.of(added), again, null));
    }
    return added.outcome();
  }

  /** One step after the other, without going deeper when they are done at once. */
  @SuppressWarnings("FutureReturnValueIgnored") // whoever asked is told of a failure
  private void begin(@Nullable Step first) {
    Step step = first;
    for (int left = MOST_AT_ONCE; step != null; left--) {
      CompletableFuture<@Nullable Step> next = once(step);
      if (left == 0) {
        next.thenAcceptAsync(this::begin);
        return;
      }
      if (!next.isDone()) {
        next.thenAccept(this::begin);
        return;
      }
      step = next.join();
    }
  }

  /** Returns the step to be done next, null when there is none now. */
  private CompletableFuture<@Nullable Step> once(Step step) {
    return CompletableFuture.completedFuture(step)
        .thenCompose(this::read)
        .thenCompose(before -> apply(step, before))
        .handle((done, failure) -> end(step, done, failure));
  }

  private CompletableFuture<GridCells.Kept> read(Step step) {
    GridCells.Kept before = step.before();
    return before == null ? cells.read(step.id()) : CompletableFuture.completedFuture(before);
  }

  /**
   * What came of a step.
   *
   * @param outcomes null when the owner had another cell
   * @param next what it has
   */
  private record Tried(@Nullable List<Outcome> outcomes, GridCells.@Nullable Kept next) {}

  private @Nullable Step end(Step step, @Nullable Tried tried, @Nullable Throwable failure) {
    List<Outcome> outcomes = tried == null ? null : tried.outcomes();
    if (outcomes != null) {
      step.complete(outcomes);
    } else if (failure != null && isCutOff(failure)) {
      giveUp(step, CUT_OFF, false);
    } else if (step.isLate()) {
      giveUp(step, failure == null ? CONTENDED : LATE, failure != null);
    } else if (failure != null) {
      LOG.log(Level.DEBUG, "a step of the grid failed, and is repeated", failure);
      soon.execute(() -> begin(step.repeated()));
      return null;
    } else {
      return step.with(tried == null ? null : tried.next());
    }
    return following(step.id());
  }

  private void giveUp(Step step, Outcome outcome, boolean sent) {
    if (sent || step.again()) {
      unsure.add(step.id());
    }
    step.fail(outcome);
  }

  /**
   * Makes members agree about keys of writes that were given up: all are told what the owner has.
   * To be called about once a second.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // what fails is tried again the next time
  void mend() {
    for (EntryId id : unsure.stream().limit(MOST_MENDED).toList()) {
      unsure.remove(id);
      add(id, true, (cell, again) -> Cells.leave(cell));
    }
  }

  private static boolean isCutOff(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof AvailabilityException;
  }

  private CompletableFuture<Tried> apply(Step step, GridCells.Kept before) {
    List<Outcome> outcomes = new ArrayList<>(step.some().size());
    Cell cell = before.cell();
    for (Asked each : step.some()) {
      Cells.Change change = each.write().apply(cell, step.again());
      cell = change.next();
      outcomes.add(change.outcome());
    }
    if (isSame(cell, before.cell()) && !step.again()) {
      return CompletableFuture.completedFuture(new Tried(outcomes, null));
    }
    return cells
        .replace(step.id(), before, cell)
        .thenApply(found -> new Tried(found.isPresent() ? null : outcomes, found.orElse(null)));
  }

  @SuppressWarnings("ReferenceEquality") // the very cell, unchanged
  private static boolean isSame(Cell one, Cell other) {
    return one == other;
  }

  /** Returns the step of what has gathered meanwhile, null when nothing has. */
  private @Nullable Step following(EntryId id) {
    List<Asked> next = new ArrayList<>();
    waiting.computeIfPresent(
        id,
        (same, some) -> {
          next.addAll(some);
          return some.isEmpty() ? null : new ArrayList<>(1);
        });
    return next.isEmpty() ? null : new Step(id, next, false, null);
  }
}
