package io.smache.node.engine.grid;

import io.smache.node.engine.Engine;
import io.smache.node.engine.Waiting;
import io.smache.node.store.Caches;
import io.smache.node.store.Cell;
import io.smache.node.store.Cells;
import io.smache.node.store.Command;
import io.smache.node.store.EntryId;
import io.smache.node.store.Get;
import io.smache.node.store.Key;
import io.smache.node.store.Numbered;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;

/** Executes operations in a grid, from this member. No thread waits. Thread-safe. */
final class Operations {
  private static final Logger LOG = System.getLogger(Operations.class.getName());
  private static final Outcome LATE = new Outcome.Unavailable("the grid has not answered in time");

  private final GridCells cells;
  private final Cells core;
  private final KnownMarks marks;
  private final KeyQueues queues;
  private final GridPages pages;
  private final GridSweep sweep;
  private final Caches caches;
  private final Waiting waiting;
  private final Numbers numbers;

  Operations(Grid grid, Caches caches, Waiting waiting, Numbers numbers) {
    this.caches = caches;
    this.waiting = waiting;
    this.numbers = numbers;
    cells = new GridCells(grid);
    core = new Cells(caches);
    marks = new KnownMarks(grid);
    queues = new KeyQueues(cells);
    pages = new GridPages(cells, core, marks, caches);
    sweep = new GridSweep(cells, core, marks, caches);
    grid.onEviction(key -> evicted(caches, key));
  }

  /** Copies of the same entry that are evicted elsewhere do not count. */
  private void evicted(Caches caches, byte[] key) {
    if (cells.isOwner(GridKey.partition(key))) {
      caches.countEviction(GridKey.id(key).cache());
    }
  }

  /** Frees some memory, and makes copies alike; to be called about once a second, by one thread. */
  void sweep() {
    cells.bound(caches.maxBytes());
    sweep.sweep();
    queues.mend();
  }

  GridPages pages() {
    return pages;
  }

  Engine.Size size() {
    return new Engine.Size(cells.size(), cells.bytes());
  }

  /** Returns whether an operation reads what is there, and waits for nothing. */
  static boolean isPlain(Operation operation) {
    return operation instanceof Get get && get.timeout() == 0;
  }

  CompletableFuture<Outcome> perform(Operation operation) {
    if (operation instanceof Get get) {
      return get.timeout() > 0 ? waiting.perform(get, this::read) : read(get);
    }
    EntryId id = operation.id();
    return write(operation).thenApply(outcome -> woken(id, outcome));
  }

  /** Reads after all writes of the key that came before. */
  CompletableFuture<Outcome> readInOrder(Get get) {
    return write(get.waitingFor(0));
  }

  private CompletableFuture<Outcome> write(Operation operation) {
    Numbered asked = operation instanceof Numbered numbered ? numbered : numbers.once(operation);
    return queues.add(
        asked.id(),
        asked.again(),
        (cell, again) ->
            core.perform(again ? asked.onceMore() : asked, cell, marks.of(asked.cache())));
  }

  private Outcome woken(EntryId id, Outcome outcome) {
    boolean stored = outcome instanceof Outcome.Stored || outcome instanceof Outcome.Found;
    if (stored) {
      waiting.wake(id);
    }
    if (stored || outcome instanceof Outcome.Removed) {
      caches.countWrite(id.cache(), stored);
    }
    return outcome;
  }

  /** Reads the copy that is here at once, else one elsewhere. */
  private CompletableFuture<Outcome> read(Get get) {
    EntryId id = get.id();
    return cells.isHere(id)
        ? read(get, cells.look(id))
        : cells
            .read(id)
            .thenCompose(kept -> read(get, kept.cell()))
            .exceptionally(Operations::late);
  }

  private static Outcome late(Throwable failure) {
    LOG.log(Level.DEBUG, "a read of the grid failed", failure);
    return LATE;
  }

  private CompletableFuture<Outcome> read(Get get, Cell cell) {
    Outcome outcome = core.read(get, cell, marks.of(get.cache()));
    if (outcome instanceof Outcome.Unclaimed) {
      return write(get);
    }
    if (core.isToBeTouched(cell)) {
      touch(get.id());
    }
    return CompletableFuture.completedFuture(outcome);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for it; the next read tries again
  private void touch(EntryId id) {
    queues.add(id, false, (cell, again) -> Cells.touch(cell));
  }

  /** Invalidates entries on all members. Waits for the network. */
  void invalidate(Command.Invalidate invalidate) {
    marks.add(invalidate);
    Key except = invalidate.except();
    if (except != null) {
      String cache = invalidate.cache();
      queues
          .add(
              new EntryId(cache, except),
              false,
              (cell, again) -> Cells.spare(except, cell, marks.of(cache)))
          .join();
    }
  }
}
