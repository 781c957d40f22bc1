package io.smache.node.store;

import org.jspecify.annotations.Nullable;

/**
 * The configuration of a cache; null members have their defaults. The bounds are those of one node.
 *
 * @param ttl default time to live of an entry, ms
 * @param idle default idle time of an entry, ms
 * @param maxEntries most entries
 * @param maxBytes most bytes of keys, values and overhead
 * @param maxValueBytes most bytes of one value
 */
public record CacheConfig(
    @Nullable Long ttl,
    @Nullable Long idle,
    @Nullable Long maxEntries,
    @Nullable Long maxBytes,
    @Nullable Long maxValueBytes) {
  /** Nothing is said. */
  public static final CacheConfig UNSAID = new CacheConfig(null, null, null, null, null);

  LifetimeSpec lifetime() {
    return new LifetimeSpec(ttl, idle, null);
  }

  boolean isBounded() {
    return maxEntries != null || maxBytes != null;
  }

  /** Returns which part of so many entries is too much, 0 to 1. */
  double surplus(long entries, long bytes) {
    return Math.max(surplus(entries, maxEntries), surplus(bytes, maxBytes));
  }

  private static double surplus(long are, @Nullable Long most) {
    return most == null || are <= most ? 0 : (double) (are - most) / are;
  }
}
