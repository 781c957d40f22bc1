package io.smache.node.store;

import org.jspecify.annotations.Nullable;

/**
 * The configuration of a cache and its revision: the latest revision wins on every node.
 *
 * @param config null when the cache was dropped
 * @param revision ms since 1970 at the node that took it
 */
public record Configuration(String cache, @Nullable CacheConfig config, long revision) {
  /** Returns whether this one wins over another; for equal revisions, all nodes choose the same. */
  boolean isAfter(Configuration other) {
    return revision == other.revision
        ? String.valueOf(config).compareTo(String.valueOf(other.config)) > 0
        : revision > other.revision;
  }
}
