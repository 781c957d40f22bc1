package io.smache.node.shard;

import io.smache.node.store.Caches;
import io.smache.node.store.Clock;
import io.smache.node.store.Command;
import io.smache.node.store.Departures;
import io.smache.node.store.Get;
import io.smache.node.store.InvalidationLog;
import io.smache.node.store.Key;
import io.smache.node.store.Listed;
import io.smache.node.store.Moved;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import io.smache.node.store.Pages;
import io.smache.node.store.Place;
import io.smache.node.store.Shard;
import io.smache.node.store.Sweep;
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
 * All shards of this node and their guards. The build declares a number of guards; with more shards
 * than that, shard i shares the guard of shard i modulo their number, which still lets one write at
 * a time into each shard and makes any shard count cost the same. Thread-safe.
 */
@ApplicationScoped
public class Shards {
  /** The part of the memory for entries that the log of invalidations may take beside them. */
  private static final int LOG_SHARE = 32;

  @Inject @ShardLimit int limit;
  @Inject Caches caches;

  /** How many guards {@code WEB-INF/ejb-jar.xml} declares; written by the build. */
  @Inject
  @ConfigProperty(name = "smache.shard.beans")
  int declared;

  private final List<Guarded> guarded = new ArrayList<>();

  /** One sweep at a time, beside which others invalidate: it is a pass over all entries. */
  private final Object sweeping = new Object();

  private volatile boolean ending;
  private Pages pages;
  private Departures departures;
  private InvalidationLog invalidations;

  private record Guarded(Shard shard, ShardBean bean) {}

  @PostConstruct
  void lookUp() {
    pages = new Pages(caches, this::shard);
    departures = new Departures(caches, this::shard);
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

  /** Does the operation if its key's partition is owned here; a read takes no lock. */
  public Outcome perform(Operation operation) {
    Guarded guard = guard(operation.key());
    Outcome read = read(guard, operation);
    return read != null ? read : alone(guard, () -> guard.shard().write(operation));
  }

  /** Does operations, those of one shard in their order. */
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
   * Writes that follow each other share a lock; what is read between them takes none. When an
   * operation is put off, so are those behind it on the same key, whatever has come meanwhile: they
   * keep their order.
   */
  private static List<Outcome> performAll(Guarded guard, List<Operation> operations) {
    List<Outcome> outcomes = new ArrayList<>(operations.size());
    Map<Place, Outcome> putOff = new HashMap<>();
    while (outcomes.size() < operations.size()) {
      List<Operation> left = operations.subList(outcomes.size(), operations.size());
      Outcome earlier = putOff.isEmpty() ? null : putOff.get(place(left.get(0)));
      List<Outcome> some = earlier == null ? performNext(guard, left, putOff) : List.of(earlier);
      for (int i = 0; i < some.size(); i++) {
        if (some.get(i) instanceof Outcome.Arriving || some.get(i) instanceof Outcome.NotOwned) {
          putOff.put(place(left.get(i)), some.get(i));
        }
      }
      outcomes.addAll(some);
    }
    return outcomes;
  }

  /** Does the first, and the writes that follow it. */
  private static List<Outcome> performNext(
      Guarded guard, List<Operation> operations, Map<Place, Outcome> putOff) {
    Outcome read = read(guard, operations.get(0));
    return read != null
        ? List.of(read)
        : writeAll(guard, operations.subList(0, endOfWrites(operations, putOff)));
  }

  /** The first may be a read that claims under the lock. */
  private static int endOfWrites(List<Operation> operations, Map<Place, Outcome> putOff) {
    int end = 1;
    while (end < operations.size()
        && !(operations.get(end) instanceof Get)
        && (putOff.isEmpty() || !putOff.containsKey(place(operations.get(end))))) {
      end++;
    }
    return end;
  }

  private static Place place(Operation operation) {
    return new Place(operation.cache(), operation.key());
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

  /** When the server ends, it takes the guards away before it tells the application. */
  private void alone(Guarded guard, Runnable work) {
    if (ending) {
      synchronized (guard.shard()) {
        work.run();
      }
    } else {
      guard.bean().run(work);
    }
  }

  /** No request comes in any more: from now on the guards are not needed, and need not be there. */
  public void end() {
    ending = true;
  }

  private static Outcome crowded() {
    return new Outcome.Unavailable("too many writes wait for the shard of this key");
  }

  /**
   * From now on no entry that was written before, and that the invalidation means, is there. One is
   * done at a time, and none twice: so who finds it in the log knows that it is done.
   *
   * @throws ConcurrentAccessException when a shard was not to be had in time; the call may be
   *     repeated
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

  /** Returns the invalidations that were done lately. */
  public InvalidationLog invalidations() {
    return invalidations;
  }

  /** Returns what was owned and is not handed over yet. */
  public Departures departures() {
    return departures;
  }

  /**
   * Serves exactly these partitions from now on. When it returns, no write to any other is under
   * way.
   *
   * @param arriving those of them that their old owner has not handed over as a whole yet, with the
   *     epoch in which they came
   * @throws ConcurrentAccessException when a shard was not to be had in time; the call may be
   *     repeated
   */
  public void own(BitSet partitions, Map<Integer, Long> arriving) {
    guarded.forEach(each -> alone(each, () -> each.shard().own(partitions, arriving)));
  }

  /**
   * These partitions have arrived as a whole.
   *
   * @param arrived with the epoch in which they came
   * @throws ConcurrentAccessException as {@link #own}
   */
  public void complete(Map<Integer, Long> arrived) {
    guarded.forEach(each -> alone(each, () -> each.shard().complete(arrived)));
  }

  /**
   * Takes what an old owner gives.
   *
   * @param since epoch in which each partition came here
   * @param asked whether the old owner was asked for these keys
   * @param known how many invalidations had been done when the old owner had done them all
   * @return false when one was done meanwhile: what the old owner gave may not have seen it
   * @throws ConcurrentAccessException as {@link #own}
   */
  public boolean take(List<Moved> moved, IntToLongFunction since, boolean asked, long known) {
    Map<Integer, List<Moved>> byGuard =
        moved.stream().collect(Collectors.groupingBy(each -> index(each.place().key())));
    boolean taken = true;
    for (Map.Entry<Integer, List<Moved>> some : byGuard.entrySet()) {
      Guarded guard = guarded.get(some.getKey());
      taken &= guard.bean().call(() -> take(guard.shard(), some.getValue(), since, asked, known));
    }
    return taken;
  }

  /** The log is looked at under the lock: an invalidation that it lacks will find what is taken. */
  private boolean take(
      Shard shard, List<Moved> moved, IntToLongFunction since, boolean asked, long known) {
    if (invalidations.count() != known) {
      return false;
    }
    moved.forEach(
        each -> shard.take(since.applyAsLong(each.place().key().partition()), each, asked));
    return true;
  }

  /** Frees the memory of what was invalidated or has ended; returns how many entries went. */
  public long reclaim() {
    pages.reclaim();
    caches.reclaim();
    List<Shard> shards = guarded.stream().map(Guarded::shard).toList();
    synchronized (sweeping) {
      return new Sweep(caches, shards, this::shard, departures).reclaim();
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
