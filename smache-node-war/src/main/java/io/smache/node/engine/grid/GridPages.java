package io.smache.node.engine.grid;

import io.smache.node.store.CacheStatistics;
import io.smache.node.store.Caches;
import io.smache.node.store.Cell;
import io.smache.node.store.Cells;
import io.smache.node.store.Command;
import io.smache.node.store.EntryId;
import io.smache.node.store.Key;
import io.smache.node.store.Listed;
import io.smache.node.store.Marks;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Lists and counts of what this member owns, so that all members together have each entry once. The
 * order of keys is that of their partitions, so a page takes a pass over few of these. Thread-safe.
 */
final class GridPages {
  private final GridCells cells;
  private final Cells core;
  private final KnownMarks marks;
  private final Caches caches;

  GridPages(GridCells cells, Cells core, KnownMarks marks, Caches caches) {
    this.cells = cells;
    this.core = core;
    this.marks = marks;
    this.caches = caches;
  }

  /** Returns the first entries of a cache behind a key, in the order of keys. */
  List<Listed> page(Command.Page page) {
    List<Listed> listed = new ArrayList<>();
    Key after = page.after();
    int first = after == null ? 0 : after.partition();
    for (int partition : cells.owned()) {
      if (partition >= first && listed.size() < page.limit()) {
        listed.addAll(page(page, partition, page.limit() - listed.size()));
      }
    }
    return listed;
  }

  private List<Listed> page(Command.Page page, int partition, int limit) {
    Marks invalidated = marks.of(page.cache());
    byte[] beginning = GridKey.prefix(partition, page.cache());
    PriorityQueue<Listed> first = new PriorityQueue<>(Comparator.comparing(Listed::key).reversed());
    cells.each(
        partition,
        (bytes, cell) -> {
          Listed each =
              GridKey.startsWith(bytes, beginning)
                  ? listed(page, GridKey.id(bytes).key(), cell, invalidated)
                  : null;
          if (each != null) {
            first.add(each);
            if (first.size() > limit) {
              first.remove();
            }
          }
          return true;
        });
    return first.stream().sorted(Comparator.comparing(Listed::key)).toList();
  }

  private @Nullable Listed listed(Command.Page page, Key key, byte[] cell, Marks invalidated) {
    Key after = page.after();
    Key prefix = page.prefix();
    boolean wanted =
        (after == null || key.compareTo(after) > 0) && (prefix == null || key.startsWith(prefix));
    return wanted ? core.listed(key, Cell.of(cell), invalidated) : null;
  }

  /** Returns the statistics of all caches. */
  List<CacheStatistics> statistics() {
    Map<String, CacheStatistics> sums = new HashMap<>();
    for (int partition : cells.owned()) {
      cells.each(partition, (key, cell) -> count(GridKey.id(key), Cell.of(cell), sums));
    }
    caches.statistics().forEach(each -> sums.merge(each.cache(), each, CacheStatistics::plus));
    return List.copyOf(sums.values());
  }

  private boolean count(EntryId id, Cell cell, Map<String, CacheStatistics> sums) {
    long bytes = core.bytes(id.key(), cell, marks.of(id.cache()));
    if (bytes >= 0) {
      sums.merge(id.cache(), CacheStatistics.of(id.cache(), 1, bytes), CacheStatistics::plus);
    }
    return true;
  }
}
