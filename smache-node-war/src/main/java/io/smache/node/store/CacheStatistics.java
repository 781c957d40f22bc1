package io.smache.node.store;

/**
 * Statistics of a cache. Counters start with the process.
 *
 * @param entries how many it has, about
 * @param bytes of keys, values and overhead
 * @param hits reads that found an entry
 * @param misses reads that found none
 * @param evictions entries removed to keep the bounds
 * @param expirations entries whose life has ended
 */
public record CacheStatistics(
    String cache,
    long entries,
    long bytes,
    long hits,
    long misses,
    long evictions,
    long expirations) {
  /** Returns both together. */
  public CacheStatistics plus(CacheStatistics other) {
    return new CacheStatistics(
        cache,
        entries + other.entries,
        bytes + other.bytes,
        hits + other.hits,
        misses + other.misses,
        evictions + other.evictions,
        expirations + other.expirations);
  }
}
