package io.smache.node.engine.grid;

import io.smache.node.store.Cell;
import io.smache.node.store.EntryId;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import org.infinispan.AdvancedCache;
import org.infinispan.commons.marshall.WrappedByteArray;
import org.infinispan.commons.util.IntSets;
import org.infinispan.container.entries.InternalCacheEntry;
import org.infinispan.container.impl.InternalDataContainer;
import org.infinispan.distribution.LocalizedCacheTopology;
import org.jspecify.annotations.Nullable;

/**
 * The cells of a grid: read here where a copy is, else from the member that has one. Thread-safe.
 */
final class GridCells {
  /** Infinispan drops a cell so long after it means nothing: clocks may differ a little. */
  private static final long LONGER_MILLIS = 15_000;

  private final Grid grid;
  private final AdvancedCache<byte[], byte[]> entries;
  private final InternalDataContainer<Object, Object> here;

  @SuppressWarnings("unchecked") // how the container wraps bytes is its own
  GridCells(Grid grid) {
    this.grid = grid;
    this.entries = grid.entries();
    this.here = (InternalDataContainer<Object, Object>) (Object) entries.getDataContainer();
  }

  /** A cell, and the bytes that it was read from. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Kept(byte @Nullable [] bytes, Cell cell) {
    static Kept of(byte @Nullable [] bytes) {
      return new Kept(bytes, Cell.of(bytes));
    }
  }

  /** Returns whether a copy is here. */
  boolean isHere(EntryId id) {
    return grid.topology().isSegmentReadOwner(id.key().partition());
  }

  /** Reads the copy that is here. */
  Cell look(EntryId id) {
    return Cell.of(bytesHere(id));
  }

  private byte @Nullable [] bytesHere(EntryId id) {
    InternalCacheEntry<Object, Object> entry =
        here.peek(id.key().partition(), new WrappedByteArray(GridKey.of(id)));
    return entry == null ? null : GridBytes.unwrapped(entry.getValue());
  }

  /** Reads a copy, wherever one is. */
  CompletableFuture<Kept> read(EntryId id) {
    return isHere(id)
        ? CompletableFuture.completedFuture(Kept.of(bytesHere(id)))
        : entries.getAsync(GridKey.of(id)).thenApply(Kept::of);
  }

  /**
   * Puts another cell in place of the one that was read, on all members that have it.
   *
   * @return whether it was still there; if not, nothing was changed
   */
  CompletableFuture<Boolean> replace(EntryId id, Kept before, Cell next, long now) {
    byte[] key = GridKey.of(id);
    byte[] old = before.bytes();
    byte[] bytes = next.bytes();
    if (bytes == null) {
      return old == null ? CompletableFuture.completedFuture(true) : entries.removeAsync(key, old);
    }
    long keep =
        next.isEndless(now)
            ? -1
            : TimeUnit.NANOSECONDS.toMillis(Math.max(0, next.keep(now))) + LONGER_MILLIS;
    return old == null
        ? entries
            .putIfAbsentAsync(key, bytes, keep, TimeUnit.MILLISECONDS)
            .thenApply(found -> found == null)
        : entries.replaceAsync(key, old, bytes, keep, TimeUnit.MILLISECONDS);
  }

  /**
   * Passes the cells of one partition that are here, until it is told to stop.
   *
   * @param each returns whether to go on
   * @return whether all were passed
   */
  boolean each(int partition, BiPredicate<byte[], byte[]> each) {
    Iterator<InternalCacheEntry<Object, Object>> cells =
        here.iterator(IntSets.immutableSet(partition));
    while (cells.hasNext()) {
      InternalCacheEntry<Object, Object> cell = cells.next();
      byte[] key = GridBytes.unwrapped(cell.getKey());
      byte[] bytes = GridBytes.unwrapped(cell.getValue());
      if (key != null && bytes != null && !each.test(key, bytes)) {
        return false;
      }
    }
    return true;
  }

  /** Returns the partitions of which this member is the owner. */
  int[] owned() {
    LocalizedCacheTopology topology = grid.topology();
    return topology.getLocalPrimarySegments().toIntArray();
  }

  /** Returns how many cells are here, copies included. */
  int size() {
    return here.sizeIncludingExpired();
  }

  /** Returns about how many bytes the cells that are here take, copies included. */
  long bytes() {
    return here.evictionSize();
  }
}
