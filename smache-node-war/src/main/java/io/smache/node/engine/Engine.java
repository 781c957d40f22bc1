package io.smache.node.engine;

import io.smache.node.cluster.Route;
import io.smache.node.store.CacheStatistics;
import io.smache.node.store.Command;
import io.smache.node.store.Listed;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Where entries live, and what keeps two writes of one key apart. It says which node executes an
 * operation, and executes what is for this one. Thread-safe; no method waits for the network unless
 * it says so.
 */
public interface Engine {
  /** Returns what it is and how it is set, for people. */
  String description();

  /** Begins to keep entries, if it has to; may go on for a while after it has returned. */
  default void start() {}

  /** Ends, if it has to; nothing may be executed afterwards. May be called again. */
  default void stop() {}

  /** Returns why operations cannot be executed yet, or not now; empty when they can. */
  Optional<String> trouble();

  /**
   * Returns where an operation is executed, according to the placement in force.
   *
   * @param ordered whether another one on the same key may have to come before or after it: all of
   *     a key go to one node then
   */
  Route route(Operation operation, boolean ordered);

  /**
   * Returns an operation in the form in which it may be asked more than once: {@link #settle} is
   * called when it is not asked again.
   */
  default Operation repeatable(Operation operation) {
    return operation;
  }

  /** Is told that an operation is not asked again. */
  default void settle(Operation operation) {}

  /** Returns whether an operation with this outcome is worth to be asked again. */
  boolean isToBeRepeated(Outcome outcome);

  /** Returns for how long an operation may be asked again, ms; it is asked twice in any case. */
  default long retryMillis() {
    return 0;
  }

  /** Returns the number of the placement in force: it grows with each change. */
  long epoch();

  /** Completes when a placement with a higher number is in force; fails when none comes in time. */
  CompletableFuture<?> newerThan(long epoch);

  /**
   * Executes an operation here. Completes at once, or when what it needs is here; {@link
   * Outcome.NotOwned} when the key belongs elsewhere.
   */
  CompletableFuture<Outcome> perform(Operation operation);

  /** Executes operations that do not wait for values, those on one key in order. */
  CompletableFuture<List<Outcome>> performAll(List<Operation> operations);

  /** Executes what has to wait for nothing but this engine; the rest gets {@link Outcome.Later}. */
  CompletableFuture<List<Outcome>> performNow(List<Operation> operations);

  /** Returns what has to travel with an operation to its owner, null for nothing. */
  Command.@Nullable PushChunks given(Operation operation, Member owner);

  /**
   * Invalidates entries written before. One that was applied already is not applied again.
   *
   * @throws jakarta.ejb.ConcurrentAccessException when it could not be done in time; the call may
   *     be repeated
   */
  void invalidate(Command.Invalidate invalidate);

  /**
   * Returns entries that this node has to list, in the order of their keys.
   *
   * @throws jakarta.ejb.ConcurrentAccessException when too many lists are under way; the call may
   *     be repeated
   */
  List<Listed> page(Command.Page page);

  /** Goes on with the members of a table that is in force now. */
  void follow(PartitionTable table);

  /**
   * What this node keeps.
   *
   * @param entries how many, about
   * @param bytes that they take
   */
  record Size(long entries, long bytes) {}

  /** Returns how much this node keeps, at little cost. */
  Size size();

  /** Returns the statistics of all caches on this node. */
  List<CacheStatistics> statistics();

  /** Frees the memory of ended and invalidated entries; to be called about once a second. */
  void reclaim();

  /** Returns the names of the members that have a partition, its owner first; empty for none. */
  List<String> holders(int partition);

  /** Returns how many partitions a member owns. */
  int partitionsOf(Member member);
}
