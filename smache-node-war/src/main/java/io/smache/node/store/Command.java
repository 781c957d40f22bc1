package io.smache.node.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What all nodes of a cluster are told at once. Each may be repeated without harm. */
public sealed interface Command {
  /**
   * Entries of a cache are gone from now on.
   *
   * @param except the key of a write that has done the same in its own shard already, or null
   * @param node name of the node that did the write, or null
   */
  record Invalidate(
      String cache, Invalidation invalidation, @Nullable Key except, @Nullable String node)
      implements Command {}

  /** Something was said of caches. Reported with what is known now. */
  record Configure(List<Configuration> configurations) implements Command {}

  /** Asks for the numbers of all caches. */
  record Count() implements Command {}

  /**
   * Asks for entries in the order of their keys.
   *
   * @param prefix of the keys, or null for any
   * @param after the key behind which the page begins, or null for the first page
   * @param limit most entries, above 0
   */
  record Page(String cache, @Nullable Key prefix, @Nullable Key after, int limit)
      implements Command {}

  /**
   * What a node has to say to a command; all but what it asks for is empty.
   *
   * @param epoch of the table in force at the node
   */
  record Report(
      long epoch,
      List<Configuration> configurations,
      List<CacheStatistics> statistics,
      List<Listed> page) {
    /** It is done. */
    public static Report done(long epoch) {
      return new Report(epoch, List.of(), List.of(), List.of());
    }

    /** What is known of caches. */
    public static Report ofConfigurations(long epoch, List<Configuration> configurations) {
      return new Report(epoch, configurations, List.of(), List.of());
    }

    /** Caches in numbers. */
    public static Report ofStatistics(long epoch, List<CacheStatistics> statistics) {
      return new Report(epoch, List.of(), statistics, List.of());
    }

    /** A page. */
    public static Report ofPage(long epoch, List<Listed> page) {
      return new Report(epoch, List.of(), List.of(), page);
    }
  }
}
