package io.smache.node.shard;

import io.smache.node.store.EntryId;
import io.smache.node.store.Get;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import io.smache.node.store.Shard;
import jakarta.ejb.ConcurrentAccessException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A shard and its lock: writes hold the lock, reads do not. Thread-safe. */
final class GuardedShard {
  private static final Outcome CROWDED =
      new Outcome.Unavailable("too many writes wait for the shard of this key");

  private final Shard shard;
  private final ShardLocks locks;
  private final int index;

  GuardedShard(Shard shard, ShardLocks locks, int index) {
    this.shard = shard;
    this.locks = locks;
    this.index = index;
  }

  Shard shard() {
    return shard;
  }

  /** Executes an operation. */
  Outcome perform(Operation operation) {
    Outcome read = read(operation);
    return read == null ? alone(() -> shard.perform(operation)) : read;
  }

  /** Runs a write under the lock; its outcome is 503 when the lock was not available in time. */
  Outcome alone(Supplier<Outcome> write) {
    try {
      return locks.call(index, write);
    } catch (ConcurrentAccessException e) {
      return CROWDED;
    }
  }

  /**
   * Runs work under the lock.
   *
   * @throws ConcurrentAccessException when it was not available in time
   */
  void run(Runnable work) {
    locks.run(index, work);
  }

  /** Runs work as {@link #run} does, and returns its result. */
  <T> T call(Supplier<T> work) {
    return locks.call(index, work);
  }

  /**
   * Executes operations in order. Consecutive writes share one taking of the lock, but not for
   * long; reads take none. When an operation is put off, later ones on the same key are put off
   * too, to keep their order.
   */
  List<Outcome> performAll(List<Operation> operations) {
    List<Outcome> outcomes = new ArrayList<>(operations.size());
    Map<EntryId, Outcome> putOff = new HashMap<>();
    while (outcomes.size() < operations.size()) {
      List<Operation> left = operations.subList(outcomes.size(), operations.size());
      Outcome earlier = putOff.isEmpty() ? null : putOff.get(left.get(0).id());
      List<Outcome> some = earlier == null ? performNext(left, putOff) : List.of(earlier);
      for (int i = 0; i < some.size(); i++) {
        if (some.get(i) instanceof Outcome.Arriving || some.get(i) instanceof Outcome.NotOwned) {
          putOff.put(left.get(i).id(), some.get(i));
        }
      }
      outcomes.addAll(some);
    }
    return outcomes;
  }

  /** Executes the first, and the writes that follow it. */
  private List<Outcome> performNext(List<Operation> operations, Map<EntryId, Outcome> putOff) {
    Outcome read = read(operations.get(0));
    return read == null
        ? performLocked(operations.subList(0, endOfWrites(operations, putOff)))
        : List.of(read);
  }

  /** The first may be a read that claims under the lock. */
  private static int endOfWrites(List<Operation> operations, Map<EntryId, Outcome> putOff) {
    int end = 1;
    while (end < operations.size()
        && !(operations.get(end) instanceof Get)
        && (putOff.isEmpty() || !putOff.containsKey(operations.get(end).id()))) {
      end++;
    }
    return end;
  }

  private List<Outcome> performLocked(List<Operation> operations) {
    try {
      return locks.call(index, () -> shard.performSome(operations));
    } catch (ConcurrentAccessException e) {
      return Collections.nCopies(operations.size(), CROWDED);
    }
  }

  /** Returns the outcome of a read, null for a write and for a read that has to claim. */
  private @Nullable Outcome read(Operation operation) {
    Outcome read = operation instanceof Get get ? shard.read(get) : null;
    return read instanceof Outcome.Unclaimed ? null : read;
  }
}
