package io.smache.node.shard;

import io.smache.node.store.Caches;
import io.smache.node.store.Clock;
import io.smache.node.store.Command;
import io.smache.node.store.EntryId;
import io.smache.node.store.Get;
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
import jakarta.annotation.PostConstruct;
import jakarta.ejb.ConcurrentAccessException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * All shards of this node and their shard beans. The build declares a number of beans; with more
 * shards, shard i shares the bean of shard i modulo their number: writes stay serialized per shard,
 * and any shard count costs the same. Thread-safe.
 */
@ApplicationScoped
public class Shards {
  /** The share of the memory for entries that the invalidation log may take in addition. */
  private static final int LOG_SHARE = 32;

  @Inject @ShardLimit int limit;
  @Inject Caches caches;

  /** The number of shard beans in {@code WEB-INF/ejb-jar.xml}; written by the build. */
  @Inject
  @ConfigProperty(name = "smache.shard.beans")
  int declared;

  private final List<Guarded> guarded = new ArrayList<>();

  /** Held by the running sweep, a pass over all entries; invalidations do not need it. */
  private final Object sweeping = new Object();

  private volatile boolean ending;
  private Pages pages;
  private OutboundTransfers outboundTransfers;
  private InvalidationLog invalidations;

  private record Guarded(Shard shard, ShardBean bean) {}

  @PostConstruct
  void lookUp() {
    pages = new Pages(caches, this::shard);
    outboundTransfers = new OutboundTransfers(caches, this::shard);
    invalidations = new InvalidationLog(Clock.SYSTEM, caches.maxBytes() / LOG_SHARE);
    for (int i = 0; i < Math.min(limit, declared); i++) {
      guarded.add(new Guarded(new Shard(caches), bean(i)));
    }
  }

  @SuppressWarnings("BanJNDI") // the name is ours, and the namespace is this application's own
  ShardBean bean(int index) {
    String name = "java:module/shard-" + index;
    try {
      return InitialContext.doLookup(name);
    } catch (NamingException e) {
      throw new IllegalStateException("the server did not deploy the shard bean " + name, e);
    }
  }

  /** Returns how many shards there are. */
  public int count() {
    return limit;
  }

  /** Executes an operation if its key's partition is owned here; a read takes no lock. */
  public Outcome perform(Operation operation) {
    Guarded guard = guard(operation.key());
    Outcome read = read(guard, operation);
    return read != null ? read : alone(guard, () -> guard.shard().write(operation));
  }

  /** Executes operations; those of one shard in order. */
  public List<Outcome> performAll(List<Operation> operations) {
    if (operations.size() == 1) {
      return List.of(perform(operations.get(0)));
    }
    Map<Integer, List<Integer>> byGuard = new LinkedHashMap<>();
    for (int i = 0; i < operations.size(); i++) {
      byGuard.computeIfAbsent(index(operations.get(i).key()), none -> new ArrayList<>()).add(i);
    }
    @Nullable Outcome[] outcomes = new Outcome[operations.size()];
    byGuard.forEach(
        (guard, indexes) -> {
          List<Operation> some = indexes.stream().map(operations::get).toList();
          List<Outcome> done = performAll(guarded.get(guard), some);
          for (int i = 0; i < done.size(); i++) {
            outcomes[indexes.get(i)] = done.get(i);
          }
        });
    return Arrays.stream(outcomes).map(Outcome.class::cast).toList();
  }

  /**
   * Consecutive writes share one taking of the lock; reads take none. When an operation is put off,
   * later ones on the same key are put off too, to keep their order.
   */
  private static List<Outcome> performAll(Guarded guard, List<Operation> operations) {
    List<Outcome> outcomes = new ArrayList<>(operations.size());
    Map<EntryId, Outcome> putOff = new HashMap<>();
    while (outcomes.size() < operations.size()) {
      List<Operation> left = operations.subList(outcomes.size(), operations.size());
      Outcome earlier = putOff.isEmpty() ? null : putOff.get(id(left.get(0)));
      List<Outcome> some = earlier == null ? performNext(guard, left, putOff) : List.of(earlier);
      for (int i = 0; i < some.size(); i++) {
        if (some.get(i) instanceof Outcome.Arriving || some.get(i) instanceof Outcome.NotOwned) {
          putOff.put(id(left.get(i)), some.get(i));
        }
      }
      outcomes.addAll(some);
    }
    return outcomes;
  }

  /** Does the first, and the writes that follow it. */
  private static List<Outcome> performNext(
      Guarded guard, List<Operation> operations, Map<EntryId, Outcome> putOff) {
    Outcome read = read(guard, operations.get(0));
    return read != null
        ? List.of(read)
        : writeAll(guard, operations.subList(0, endOfWrites(operations, putOff)));
  }

  /** The first may be a read that claims under the lock. */
  private static int endOfWrites(List<Operation> operations, Map<EntryId, Outcome> putOff) {
    int end = 1;
    while (end < operations.size()
        && !(operations.get(end) instanceof Get)
        && (putOff.isEmpty() || !putOff.containsKey(id(operations.get(end))))) {
      end++;
    }
    return end;
  }

  private static EntryId id(Operation operation) {
    return new EntryId(operation.cache(), operation.key());
  }

  private static List<Outcome> writeAll(Guarded guard, List<Operation> operations) {
    try {
      return guard.bean().call(() -> guard.shard().writeAll(operations));
    } catch (ConcurrentAccessException e) {
      return Collections.nCopies(operations.size(), crowded());
    }
  }

  /** Runs a write under the lock of the key's shard. */
  public Outcome write(String cache, Key key, Write write) {
    Guarded guard = guard(key);
    return alone(guard, () -> guard.shard().write(cache, key, write));
  }

  private static @Nullable Outcome read(Guarded guard, Operation operation) {
    Outcome read = operation instanceof Get get ? guard.shard().read(get) : null;
    return read instanceof Outcome.Unclaimed ? null : read;
  }

  private static Outcome alone(Guarded guard, Supplier<Outcome> work) {
    try {
      return guard.bean().call(work);
    } catch (ConcurrentAccessException e) {
      return crowded();
    }
  }

  /** A stopping server removes the shard beans before it tells the application. */
  private void alone(Guarded guard, Runnable work) {
    if (ending) {
      synchronized (guard.shard()) {
        work.run();
      }
    } else {
      guard.bean().run(work);
    }
  }

  /** No more requests come in: from now on the shard beans are not needed, and may be gone. */
  public void end() {
    ending = true;
  }

  private static Outcome crowded() {
    return new Outcome.Unavailable("too many writes wait for the shard of this key");
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
      for (int i = 0; i < guarded.size(); i++) {
        Guarded each = guarded.get(i);
        Key spared = i == own ? except : null;
        alone(
            each,
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
    guarded.forEach(each -> alone(each, () -> each.shard().own(partitions, arriving)));
  }

  /**
   * These partitions have arrived completely.
   *
   * @param arrived with the epoch in which they came
   * @throws ConcurrentAccessException as {@link #own}
   */
  public void complete(Map<Integer, Long> arrived) {
    guarded.forEach(each -> alone(each, () -> each.shard().complete(arrived)));
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
  public boolean take(
      List<TransferredEntry> transferred, IntToLongFunction since, boolean asked, long known) {
    Map<Integer, List<TransferredEntry>> byGuard =
        transferred.stream().collect(Collectors.groupingBy(each -> index(each.id().key())));
    boolean taken = true;
    for (Map.Entry<Integer, List<TransferredEntry>> some : byGuard.entrySet()) {
      Guarded guard = guarded.get(some.getKey());
      taken &= guard.bean().call(() -> take(guard.shard(), some.getValue(), since, asked, known));
    }
    return taken;
  }

  /** Reads the log under the lock: a later invalidation will find the stored entries. */
  private boolean take(
      Shard shard,
      List<TransferredEntry> transferred,
      IntToLongFunction since,
      boolean asked,
      long known) {
    if (invalidations.count() != known) {
      return false;
    }
    transferred.forEach(
        each -> shard.take(since.applyAsLong(each.id().key().partition()), each, asked));
    return true;
  }

  /** Frees the memory of invalidated and ended entries; returns their number. */
  public long reclaim() {
    pages.reclaim();
    caches.reclaim();
    List<Shard> shards = guarded.stream().map(Guarded::shard).toList();
    synchronized (sweeping) {
      return new Sweep(caches, shards, this::shard, outboundTransfers).reclaim();
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
    return guard(key).shard();
  }

  private Guarded guard(Key key) {
    return guarded.get(index(key));
  }

  private int index(Key key) {
    return key.shard(limit) % guarded.size();
  }
}
