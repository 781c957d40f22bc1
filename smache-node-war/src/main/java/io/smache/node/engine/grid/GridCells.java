package io.smache.node.engine.grid;

import io.smache.node.store.Cell;
import io.smache.node.store.EntryId;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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
  /** What a cell takes besides what Infinispan counts, in bytes: objects around it; measured. */
  private static final long UNCOUNTED_BYTES = 184;

  /** The bound is set anew when it is wrong by more than this part. */
  private static final int BOUND_PARTS = 100;

  private final Grid grid;
  private final AdvancedCache<byte[], byte[]> entries;
  private final InternalDataContainer<Object, Object> here;
  private final Exchanges exchanges;

  GridCells(Grid grid) {
    this.grid = grid;
    this.entries = grid.entries();
    this.here = GridBytes.container(entries);
    this.exchanges = grid.exchanges(entries);
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
    return GridBytes.peek(here, id.key().partition(), new WrappedByteArray(GridKey.of(id)));
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
   * @return empty when it was done; else nothing was changed, and the owner has this. A copy here
   *     may have outlived the owner's, which was evicted
   */
  CompletableFuture<Optional<Kept>> replace(EntryId id, Kept before, Cell next) {
    Swap swap = new Swap(before.bytes(), next.bytes());
    return exchanges.ask(GridKey.of(id), swap).thenApply(GridCells::kept);
  }

  private static Optional<Kept> kept(byte @Nullable [] found) {
    return found == null
        ? Optional.empty()
        : Optional.of(Kept.of(found.length == 0 ? null : found));
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

  /** Returns whether this member is the owner of a partition. */
  boolean isOwner(int partition) {
    return grid.topology().getSegmentDistribution(partition).isPrimary();
  }

  /** Returns the partitions that are here, as their owner's or as copies. */
  int[] kept() {
    return grid.topology().getLocalReadSegments().toIntArray();
  }

  /** Removes a cell here, and nowhere else, if it is still this one. */
  @SuppressWarnings("ReferenceEquality") // the very bytes
  void drop(int partition, byte[] key, byte[] bytes) {
    here.compute(
        partition,
        new WrappedByteArray(key),
        (same, now, factory) ->
            now != null && GridBytes.unwrapped(now.getValue()) == bytes ? null : now);
  }

  /**
   * Removes a cell of this owner at all members, if it is still this one.
   *
   * @param done is called when it was
   */
  @SuppressWarnings("FutureReturnValueIgnored") // the next sweep tries again
  void evict(byte[] key, byte[] bytes, Runnable done) {
    exchanges
        .add(key, new Swap(bytes, null))
        .thenAccept(
            found -> {
              if (found == null) {
                done.run();
              }
            });
  }

  /** Returns how many cells are here, copies included. */
  int size() {
    return here.sizeIncludingExpired();
  }

  /** Returns about how many bytes the cells that are here take, copies included. */
  long bytes() {
    return here.evictionSize() + size() * UNCOUNTED_BYTES;
  }

  /**
   * Has so many bytes of cells kept here, copies included: what Infinispan may count is what is
   * left beside what it does not. To be called about once a second.
   */
  void bound(long maxBytes) {
    long counted = Math.max(1, here.evictionSize());
    long uncounted = size() * UNCOUNTED_BYTES;
    long limit = (long) (maxBytes * ((double) counted / (counted + uncounted)));
    if (Math.abs(limit - here.capacity()) > limit / BOUND_PARTS) {
      here.resize(limit);
    }
  }
}
