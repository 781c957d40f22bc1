package io.smache.node.engine.grid;

import io.smache.node.store.Caches;
import io.smache.node.store.Cell;
import io.smache.node.store.Cells;
import io.smache.node.store.EntryId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Frees memory at this member, a few partitions at a time: cells that have ended or were
 * invalidated, and what caches with bounds of their own have too much. For one thread.
 */
final class GridSweep {
  /** How many times it takes to see all partitions. */
  private static final int PARTS = 8;

  private final GridCells cells;
  private final Cells core;
  private final KnownMarks marks;
  private final Caches caches;

  /** What each part had of the caches with bounds when it was seen last. */
  private final List<Map<String, Weighed>> seen = new ArrayList<>();

  private int part;

  GridSweep(GridCells cells, Cells core, KnownMarks marks, Caches caches) {
    this.cells = cells;
    this.core = core;
    this.marks = marks;
    this.caches = caches;
    for (int i = 0; i < PARTS; i++) {
      seen.add(Map.of());
    }
  }

  /** Entries of a cache, and the bytes that they take. */
  private record Weighed(long entries, long bytes) {
    static final Weighed NONE = new Weighed(0, 0);

    Weighed plus(Weighed other) {
      return new Weighed(entries + other.entries, bytes + other.bytes);
    }
  }

  /** An entry of a cache with a bound. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Candidate(byte[] key, byte[] cell, long used, long bytes) {}

  /** Sees to the next partitions. */
  void sweep() {
    Map<String, List<Candidate>> bounded = new HashMap<>();
    for (int partition : cells.kept()) {
      if (partition % PARTS == part) {
        boolean owner = cells.isOwner(partition);
        cells.each(partition, (key, cell) -> see(partition, key, cell, owner, bounded));
      }
    }
    Map<String, Weighed> weighed = new HashMap<>();
    bounded.forEach((cache, some) -> weighed.put(cache, weigh(some)));
    seen.set(part, weighed);
    bounded.forEach(this::evict);
    part = (part + 1) % PARTS;
  }

  private boolean see(
      int partition,
      byte[] key,
      byte[] bytes,
      boolean owner,
      Map<String, List<Candidate>> bounded) {
    EntryId id = GridKey.id(key);
    if (Cell.isEndless(bytes)
        && marks.of(id.cache()).number() == 0
        && !caches.isBounded(id.cache())) {
      return true;
    }
    Cell cell = Cell.of(bytes);
    Cells.Fate fate = core.fate(id.key(), cell, marks.of(id.cache()));
    if (fate != Cells.Fate.LIVES) {
      cells.drop(partition, key, bytes);
      if (owner && fate == Cells.Fate.ENDED) {
        caches.countExpiration(id.cache());
      }
    } else if (owner && caches.isBounded(id.cache())) {
      long weight = core.bytes(id.key(), cell, marks.of(id.cache()));
      if (weight >= 0) {
        bounded
            .computeIfAbsent(id.cache(), none -> new ArrayList<>())
            .add(new Candidate(key, bytes, cell.used(), weight));
      }
    }
    return true;
  }

  private static Weighed weigh(List<Candidate> some) {
    return new Weighed(some.size(), some.stream().mapToLong(Candidate::bytes).sum());
  }

  /** Evicts the share of these in what the cache has too much: those that were written long ago. */
  private void evict(String cache, List<Candidate> some) {
    Weighed all =
        seen.stream()
            .map(each -> each.getOrDefault(cache, Weighed.NONE))
            .reduce(Weighed.NONE, Weighed::plus);
    double surplus = caches.surplus(cache, all.entries(), all.bytes());
    long most = (long) Math.ceil(surplus * some.size());
    some.stream()
        .sorted(Comparator.comparingLong(Candidate::used))
        .limit(most)
        .forEach(each -> cells.evict(each.key(), each.cell(), () -> caches.countEviction(cache)));
  }
}
