package io.smache.node.store;

import org.jspecify.annotations.Nullable;

/**
 * What an operator says of a cache; null where nothing is said. The bounds are those of one node.
 *
 * @param ttl ms that an entry lives when its writer says nothing
 * @param idle ms that it lives without being used when its writer says nothing
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

  Lifetime lifetime() {
    return new Lifetime(ttl, idle, null);
  }
}
