package io.smache.node.shard;

import io.smache.node.runtime.NodeScoped;
import io.smache.node.store.Caches;
import io.smache.node.store.Clock;
import io.smache.node.store.Command;
import io.smache.node.store.InvalidationLog;
import io.smache.node.store.Key;
import io.smache.node.store.Listed;
import io.smache.node.store.Operation;
import io.smache.node.store.OutboundTransfers;
import io.smache.node.store.Outcome;
import io.smache.node.store.Pages;
import io.smache.node.store.Shard;
import io.smache.node.store.Sweep;
import io.smache.node.store.TransferredEntry;
import io.smache.node.store.Write;
import jakarta.ejb.ConcurrentAccessException;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;
import java.util.stream.Collectors;

/**
 * All shards of this node and their shard beans. The build declares a number of beans; with more
 * shards, shard i shares the bean of shard i modulo their number: writes stay serialized per shard,
 * and any shard count costs the same. Thread-safe.
 */
@NodeScoped
public class Shards {
  /** The share of the memory for entries that the invalidation log may take in addition. */
  private static final int LOG_SHARE = 32;

  private final int limit;
  private final Caches caches;
  private final List<GuardedShard> shards = new ArrayList<>();
  private final Pages pages;
  private final OutboundTransfers outboundTransfers;
  private final InvalidationLog invalidations;

  /** Held by the running sweep, a pass over all entries; invalidations do not need it. */
  private final Object sweeping = new Object();

  /**
   * Takes what guards the shards.
   *
   * @param limit number of shards, from 1
   */
  @Inject
  public Shards(@ShardLimit int limit, Caches caches, ShardLocks locks) {
    this.limit = limit;
    this.caches = caches;
    pages = new Pages(caches, this::shard);
    outboundTransfers = new OutboundTransfers(caches, this::shard);
    invalidations = new InvalidationLog(Clock.SYSTEM, caches.maxBytes() / LOG_SHARE);
    for (int i = 0; i < Math.min(limit, locks.count()); i++) {
      shards.add(new GuardedShard(new Shard(caches), locks, i));
    }
  }

  /** Returns how many shards there are. */
  public int count() {
    return limit;
  }

  /** Executes an operation if its key's partition is owned here; a read takes no lock. */
  public Outcome perform(Operation operation) {
    return guarded(operation.key()).perform(operation);
  }

  /** Executes operations; those of one shard in order. */
  public List<Outcome> performAll(List<Operation> operations) {
    if (operations.size() == 1) {
      return List.of(perform(operations.get(0)));
    }
    Outcome[] outcomes = new Outcome[operations.size()];
    int[] next = new int[outcomes.length];
    int[] first = firstOfEachShard(operations, next);
    for (int shard = 0; shard < first.length; shard++) {
      if (first[shard] >= 0) {
        performChain(shards.get(shard), operations, first[shard], next, outcomes);
      }
    }
    return Arrays.asList(outcomes);
  }

  /**
   * Returns the index of the first operation of each shard, -1 where there is none.
   *
   * @param next is filled with the index of the operation that follows on the same shard, -1 last
   */
  private int[] firstOfEachShard(List<Operation> operations, int[] next) {
    int[] first = new int[shards.size()];
    Arrays.fill(first, -1);
    for (int i = next.length - 1; i >= 0; i--) {
      int shard = index(operations.get(i).key());
      next[i] = first[shard];
      first[shard] = i;
    }
    return first;
  }

  private static void performChain(
      GuardedShard shard, List<Operation> operations, int first, int[] next, Outcome[] outcomes) {
    if (next[first] < 0) {
      outcomes[first] = shard.perform(operations.get(first));
      return;
    }
    List<Operation> some = new ArrayList<>();
    for (int i = first; i >= 0; i = next[i]) {
      some.add(operations.get(i));
    }
    int at = first;
    for (Outcome each : shard.performAll(some)) {
      outcomes[at] = each;
      at = next[at];
    }
  }

  /** Runs a write under the lock of the key's shard. */
  public Outcome write(String cache, Key key, Write write) {
    GuardedShard guarded = guarded(key);
    return guarded.alone(() -> guarded.shard().write(cache, key, write));
  }

  /**
   * Invalidates entries written before. One invalidation runs at a time, and none twice: one that
   * is in the log has been applied.
   *
   * @throws ConcurrentAccessException when a shard's lock was not available in time; the call may
   *     be repeated
   */
  public synchronized void invalidate(Command.Invalidate invalidate) {
    if (!invalidations.add(invalidate)) {
      return;
    }
    try {
      Key except = invalidate.except();
      int own = except == null ? -1 : index(except);
      for (int i = 0; i < shards.size(); i++) {
        GuardedShard each = shards.get(i);
        Key spared = i == own ? except : null;
        each.run(
            () -> each.shard().invalidate(invalidate.cache(), invalidate.invalidation(), spared));
      }
    } catch (ConcurrentAccessException e) {
      invalidations.forget(invalidate);
      throw e;
    }
  }

  /** Returns the recent invalidations. */
  public InvalidationLog invalidations() {
    return invalidations;
  }

  /** Returns the partitions that are still to be handed over. */
  public OutboundTransfers outboundTransfers() {
    return outboundTransfers;
  }

  /**
   * Serves exactly these partitions. When it returns, no write to any other partition is under way.
   *
   * @param arriving those of them that their old owner has not completely handed over yet, with the
   *     epoch in which they came
   * @throws ConcurrentAccessException when a shard's lock was not available in time; the call may
   *     be repeated
   */
  public void own(BitSet partitions, Map<Integer, Long> arriving) {
    shards.forEach(each -> each.run(() -> each.shard().own(partitions, arriving)));
  }

  /**
   * These partitions have arrived completely.
   *
   * @param arrived with the epoch in which they came
   * @throws ConcurrentAccessException as {@link #own}
   */
  public void complete(Map<Integer, Long> arrived) {
    shards.forEach(each -> each.run(() -> each.shard().complete(arrived)));
  }

  /**
   * Stores entries from a source.
   *
   * @param since epoch in which each partition came here
   * @param asked whether these keys were fetched
   * @param known the number of invalidations up to which the source has applied all
   * @return false when another was applied meanwhile, which the entries may not reflect
   * @throws ConcurrentAccessException as {@link #own}
   */
  public boolean receive(
      List<TransferredEntry> transferred, IntToLongFunction since, boolean asked, long known) {
    Map<Integer, List<TransferredEntry>> byShard =
        transferred.stream().collect(Collectors.groupingBy(each -> index(each.id().key())));
    boolean received = true;
    for (Map.Entry<Integer, List<TransferredEntry>> some : byShard.entrySet()) {
      GuardedShard guarded = shards.get(some.getKey());
      received &=
          guarded.call(() -> receive(guarded.shard(), some.getValue(), since, asked, known));
    }
    return received;
  }

  /** Reads the log under the lock: a later invalidation will find the stored entries. */
  private boolean receive(
      Shard shard,
      List<TransferredEntry> transferred,
      IntToLongFunction since,
      boolean asked,
      long known) {
    if (invalidations.count() != known) {
      return false;
    }
    transferred.forEach(
        each -> shard.receive(since.applyAsLong(each.id().key().partition()), each, asked));
    return true;
  }

  /** Frees the memory of invalidated and ended entries; returns their number. */
  public long reclaim() {
    pages.reclaim();
    caches.reclaim();
    List<Shard> plain = shards.stream().map(GuardedShard::shard).toList();
    synchronized (sweeping) {
      return new Sweep(caches, plain, this::shard, outboundTransfers).reclaim();
    }
  }

  /**
   * Returns entries of a cache in the order of their keys.
   *
   * @throws ConcurrentAccessException when too many lists are under way; the call may be repeated
   */
  public List<Listed> page(Command.Page page) {
    try {
      return pages.page(page);
    } catch (Pages.BusyException e) {
      throw new ConcurrentAccessException(e.getMessage(), e);
    }
  }

  private Shard shard(Key key) {
    return guarded(key).shard();
  }

  private GuardedShard guarded(Key key) {
    return shards.get(index(key));
  }

  private int index(Key key) {
    return key.shard(limit) % shards.size();
  }
}
