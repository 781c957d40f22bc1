package io.smache.node.store;

/**
 * Statistics of a cache. Counters start with the process.
 *
 * @param entries how many it has, about
 * @param bytes of keys, values and overhead
 * @param hits reads that found an entry
 * @param misses reads that found none
 * @param puts writes that stored an entry
 * @param removals writes that removed one
 * @param evictions entries removed to keep the bounds
 * @param expirations entries whose life has ended
 */
public record CacheStatistics(
    String cache,
    long entries,
    long bytes,
    long hits,
    long misses,
    long puts,
    long removals,
    long evictions,
    long expirations) {
  /** Returns those of a cache of which nothing was counted but what it has. */
  public static CacheStatistics of(String cache, long entries, long bytes) {
    return new CacheStatistics(cache, entries, bytes, 0, 0, 0, 0, 0, 0);
  }

  /** Returns both together. */
  public CacheStatistics plus(CacheStatistics other) {
    return new CacheStatistics(
        cache,
        entries + other.entries,
        bytes + other.bytes,
        hits + other.hits,
        misses + other.misses,
        puts + other.puts,
        removals + other.removals,
        evictions + other.evictions,
        expirations + other.expirations);
  }
}
