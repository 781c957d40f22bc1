package io.smache.node.shard;

import java.util.function.Supplier;

/** Locks of shards: of all work on one shard, one runs at a time. Thread-safe. */
public interface ShardLocks {
  /** Returns how many locks there are; with more shards, some share one. */
  int count();

  /**
   * Runs work under a lock and returns its result.
   *
   * @param index of the lock, from 0
   * @throws jakarta.ejb.ConcurrentAccessException when the lock was not available in time; then the
   *     work was not run
   */
  <T> T call(int index, Supplier<T> work);

  /** Runs work as {@link #call} does. */
  default void run(int index, Runnable work) {
    call(
        index,
        () -> {
          work.run();
          return Boolean.TRUE;
        });
  }
}
