package io.smache.node.store;

import org.jspecify.annotations.Nullable;

/**
 * What an operator said of a cache, and when: of two, the later counts on every node.
 *
 * @param config null when the cache was dropped
 * @param revision ms since 1970 at the node that took it
 */
public record Configuration(String cache, @Nullable CacheConfig config, long revision) {
  /** Returns whether this counts beside the other; said at one time, all nodes choose the same. */
  boolean isAfter(Configuration other) {
    return revision == other.revision
        ? String.valueOf(config).compareTo(String.valueOf(other.config)) > 0
        : revision > other.revision;
  }
}
