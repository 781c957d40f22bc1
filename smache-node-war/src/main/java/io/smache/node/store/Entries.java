package io.smache.node.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * All entries of a node, bounded in bytes: when they are too many, W-TinyLFU decides which go. One
 * map for all shards, so that the bound is the node's and not a shard's. Thread-safe.
 */
public final class Entries {
  /**
   * Bytes of heap that an entry costs beside key and value: the map's node, the key and the entry
   * objects and both array headers.
   */
  public static final int OVERHEAD_BYTES = 200;

  private final long maxBytes;
  private final Cache<Key, Entry> cache;

  /**
   * Makes an empty map.
   *
   * @param maxBytes bound of keys, values and overhead together
   */
  public Entries(long maxBytes) {
    this.maxBytes = maxBytes;
    cache =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher(Entries::weight)
            .executor(Runnable::run)
            .build();
  }

  private static int weight(Key key, Entry entry) {
    return OVERHEAD_BYTES + key.length() + entry.value().length;
  }

  @Nullable Entry get(Key key) {
    return cache.getIfPresent(key);
  }

  void put(Key key, Entry entry) {
    cache.put(key, entry);
  }

  void remove(Key key) {
    cache.invalidate(key);
  }

  /** Removes the entries of all partitions that fit, and returns how many there were. */
  public long removePartitions(IntPredicate partitions) {
    long removed = 0;
    for (Key key : cache.asMap().keySet()) {
      if (partitions.test(key.partition())) {
        cache.invalidate(key);
        removed++;
      }
    }
    return removed;
  }

  /** Returns the bound in bytes. */
  public long maxBytes() {
    return maxBytes;
  }

  /** Returns how many entries there are, about. */
  public long size() {
    return cache.estimatedSize();
  }
}
