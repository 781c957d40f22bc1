package io.smache.node.store;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A command from one node to another. Each may be repeated without harm. */
public sealed interface Command {
  /**
   * Invalidates entries of a cache.
   *
   * @param id by which a node recognizes an invalidation that it has already applied
   * @param except the key of the write that it comes with, whose entry stays, or null
   */
  record Invalidate(String id, String cache, Invalidation invalidation, @Nullable Key except)
      implements Command {
    /** Makes a new one. */
    public static Invalidate of(String cache, Invalidation invalidation, @Nullable Key except) {
      return new Invalidate(UUID.randomUUID().toString(), cache, invalidation, except);
    }
  }

  /** Configures or drops caches. The report has all that is known afterwards. */
  record Configure(List<Configuration> configurations) implements Command {}

  /** Asks for the statistics of all caches. */
  record Count() implements Command {}

  /**
   * Asks for entries in the order of their keys.
   *
   * @param prefix of the keys, or null for any
   * @param after the key after which the page begins, or null for the first page
   * @param limit most entries, above 0
   */
  record Page(String cache, @Nullable Key prefix, @Nullable Key after, int limit)
      implements Command {}

  /** Asks how a node is. */
  record Look() implements Command {}

  /**
   * Asks the source of a transfer for entries that are needed at once.
   *
   * @param heard invalidations that the target knows and the source may not
   */
  record FetchEntries(List<EntryId> ids, List<Invalidate> heard) implements Command {}

  /**
   * Pushes chunks of partitions to their target.
   *
   * @param heard how many invalidations of the target the source has applied
   */
  record PushChunks(List<TransferChunk> chunks, long heard) implements Command {}

  /**
   * The answer of a node to a command.
   *
   * @param epoch of the table in force at the node
   */
  record CommandReport(long epoch, Result result) {
    /** Returns the configurations of its caches, if the command was about these. */
    public List<Configuration> configurations() {
      return result instanceof Result.Known known ? known.configurations() : List.of();
    }

    /** Returns the statistics of its caches, if it was asked. */
    public List<CacheStatistics> statistics() {
      return result instanceof Result.Counted counted ? counted.statistics() : List.of();
    }

    /** Returns its share of a page, if it was asked. */
    public List<Listed> page() {
      return result instanceof Result.Paged paged ? paged.page() : List.of();
    }
  }

  /** The part of a report that depends on the command. */
  sealed interface Result {
    /** It is done. */
    record Done() implements Result {}

    /** What is known of caches. */
    record Known(List<Configuration> configurations) implements Result {}

    /** Caches in numbers. */
    record Counted(List<CacheStatistics> statistics) implements Result {}

    /** A page. */
    record Paged(List<Listed> page) implements Result {}

    /**
     * The condition of a node.
     *
     * @param inTouch whether uplink has been answering the node for some time
     * @param arriving partitions that it does not have completely yet
     * @param leaving partitions that it has not completely handed over yet
     * @param entries how many it keeps, about
     * @param bytes that they take
     */
    record Condition(boolean inTouch, int arriving, int leaving, long entries, long bytes)
        implements Result {}

    /** What the source has of the keys, in the order of the request. */
    record Fetched(List<TransferredEntry> transferred) implements Result {}

    /**
     * Whether the chunks were stored; if not, they have to be pushed again.
     *
     * @param missed invalidations that the source has to apply first
     * @param heard how many the source has applied then
     */
    record Pushed(boolean all, List<Invalidate> missed, long heard) implements Result {}
  }
}
