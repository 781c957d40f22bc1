package io.smache.node.store;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What all nodes of a cluster are told at once. Each may be repeated without harm. */
public sealed interface Command {
  /**
   * Entries of a cache are gone from now on.
   *
   * @param id by which a node knows that it has done it already
   * @param except the key of the write that it comes with, whose entry stays, or null
   */
  record Invalidate(String id, String cache, Invalidation invalidation, @Nullable Key except)
      implements Command {
    /** Makes a new one. */
    public static Invalidate of(String cache, Invalidation invalidation, @Nullable Key except) {
      return new Invalidate(UUID.randomUUID().toString(), cache, invalidation, except);
    }
  }

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

  /** Asks how a node is. */
  record Look() implements Command {}

  /**
   * Asks the old owner of keys for what it has of them.
   *
   * @param heard invalidations that the asker knows and the asked may not
   */
  record Hand(List<Place> places, List<Invalidate> heard) implements Command {}

  /**
   * Gives parts of partitions to their new owner.
   *
   * @param heard how many invalidations of the taker the giver has done
   */
  record Take(List<Part> parts, long heard) implements Command {}

  /**
   * What a node says to a command.
   *
   * @param epoch of the table in force at the node
   */
  record Report(long epoch, Said said) {
    /** Returns what it knows of caches, if it was told or asked. */
    public List<Configuration> configurations() {
      return said instanceof Said.Known known ? known.configurations() : List.of();
    }

    /** Returns its caches in numbers, if it was asked. */
    public List<CacheStatistics> statistics() {
      return said instanceof Said.Counted counted ? counted.statistics() : List.of();
    }

    /** Returns its part of a page, if it was asked. */
    public List<Listed> page() {
      return said instanceof Said.Paged paged ? paged.page() : List.of();
    }
  }

  /** The part of a report that depends on the command. */
  sealed interface Said {
    /** It is done. */
    record Done() implements Said {}

    /** What is known of caches. */
    record Known(List<Configuration> configurations) implements Said {}

    /** Caches in numbers. */
    record Counted(List<CacheStatistics> statistics) implements Said {}

    /** A page. */
    record Paged(List<Listed> page) implements Said {}

    /**
     * How the node is.
     *
     * @param inTouch whether uplink has been answering the node for some time
     * @param arriving partitions that it does not have as a whole yet
     * @param leaving partitions that it has not handed over as a whole yet
     * @param entries how many it keeps, about
     * @param bytes that they take
     */
    record Condition(boolean inTouch, int arriving, int leaving, long entries, long bytes)
        implements Said {}

    /** What there is of the keys that were asked for, in their order. */
    record Handed(List<Moved> moved) implements Said {}

    /**
     * Whether parts were taken; if not, they are to be given again.
     *
     * @param missed invalidations that the giver does not know, and has to do before
     * @param heard how many the giver has done then
     */
    record Taken(boolean all, List<Invalidate> missed, long heard) implements Said {}
  }
}
