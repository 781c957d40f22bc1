package io.smache.node.store;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * All caches of a node and the bound that they share. Each may use what the others leave free, and
 * each has a right to an equal share: a cache with more than that gives way. Thread-safe.
 */
public final class Caches {
  /**
   * The most names of caches since the start of a node, dropped ones included: each costs some KB.
   */
  static final int MAX_CACHES = 1000;

  private final Clock clock;
  private final long maxBytes;
  private final long maxValueBytes;
  private final Map<String, Entries> caches = new ConcurrentHashMap<>();
  private final Map<String, Configuration> configurations = new ConcurrentHashMap<>();

  /** Bytes of entries that wait for their transfer; they count towards the bound. */
  private final AtomicLong reserved = new AtomicLong();

  private final ReentrantLock sharing = new ReentrantLock();
  private final InvalidationBudget invalidationBudget;

  /**
   * Makes a node without entries.
   *
   * @param maxBytes bound of keys, values and overhead together
   * @param maxValueBytes bound of one value in any cache
   */
  public Caches(Clock clock, long maxBytes, long maxValueBytes) {
    this.clock = clock;
    this.maxBytes = maxBytes;
    this.maxValueBytes = maxValueBytes;
    this.invalidationBudget = InvalidationBudget.beside(maxBytes);
  }

  InvalidationBudget invalidationBudget() {
    return invalidationBudget;
  }

  Clock clock() {
    return clock;
  }

  @Nullable Entries find(String name) {
    return caches.get(name);
  }

  /** Returns the cache, created if necessary; null when there are too many. */
  @Nullable Entries of(String name) {
    Entries found = caches.get(name);
    if (found != null) {
      return found;
    }
    return caches.size() < MAX_CACHES
        ? caches.computeIfAbsent(name, made -> new Entries(made, clock, maxBytes, maxValueBytes))
        : null;
  }

  /** Returns whether the cache is here, or could be made. */
  public boolean accepts(String name) {
    return caches.containsKey(name) || caches.size() < MAX_CACHES;
  }

  Collection<Entries> all() {
    return caches.values();
  }

  /** Evicts from caches above their share when all together exceed the bound. */
  void share() {
    if (bytes() > available() && sharing.tryLock()) {
      try {
        limitAll();
      } finally {
        sharing.unlock();
      }
    }
  }

  private void limitAll() {
    long all = bytes();
    long available = available();
    long fair = available / Math.max(1, caches.size());
    for (Entries each : caches.values()) {
      long others = all - each.bytes();
      each.limit(Math.max(fair, available - others));
    }
  }

  private long available() {
    return Math.max(0, maxBytes - reserved.get());
  }

  /** Reserves bytes of the bound; a negative number releases them. */
  void reserve(long bytes) {
    reserved.addAndGet(bytes);
  }

  /** Frees the memory of entries that have ended; to be called now and then. */
  public void reclaim() {
    caches.values().forEach(Entries::reclaim);
    sharing.lock();
    try {
      limitAll();
    } finally {
      sharing.unlock();
    }
  }

  /** Applies configurations that are newer than the known ones. */
  public synchronized void configure(List<Configuration> changes) {
    for (Configuration each : changes) {
      Configuration known = configurations.get(each.cache());
      if (known == null || each.isAfter(known)) {
        configurations.put(each.cache(), each);
        apply(each);
      }
    }
    forgetDropped();
    reclaim();
  }

  /** Forgets the oldest of too many drops: no node misses changes for that long. */
  private void forgetDropped() {
    configurations.values().stream()
        .filter(each -> each.config() == null)
        .sorted(Comparator.comparingLong(Configuration::revision).reversed())
        .skip(MAX_CACHES)
        .forEach(each -> configurations.remove(each.cache(), each));
  }

  private void apply(Configuration configuration) {
    CacheConfig config = configuration.config();
    Entries entries = config == null ? find(configuration.cache()) : of(configuration.cache());
    if (entries == null) {
      return;
    }
    if (config == null) {
      entries.drop();
    } else {
      entries.configure(config);
    }
  }

  /** Returns the configurations of caches. */
  public List<Configuration> configurations() {
    return List.copyOf(configurations.values());
  }

  /** Returns the statistics of all caches on this node. */
  public List<CacheStatistics> statistics() {
    return caches.values().stream()
        .filter(each -> !each.isDropped())
        .map(Entries::statistics)
        .toList();
  }

  /** Counts a write that changed something. */
  public void countWrite(String cache, boolean stored) {
    Entries entries = find(cache);
    if (entries != null) {
      entries.countWrite(stored);
    }
  }

  /** Counts an entry whose life has ended. */
  public void countExpiration(String cache) {
    Entries entries = find(cache);
    if (entries != null) {
      entries.countExpiration();
    }
  }

  /** Counts an entry that was removed to keep a bound. */
  public void countEviction(String cache) {
    Entries entries = find(cache);
    if (entries != null) {
      entries.countEviction();
    }
  }

  /** Returns whether a cache has a bound of its own. */
  public boolean isBounded(String cache) {
    Entries entries = find(cache);
    return entries != null && entries.config().isBounded();
  }

  /** Returns which part of its entries a cache has too much, 0 to 1. */
  public double surplus(String cache, long entries, long bytes) {
    Entries found = find(cache);
    return found == null ? 0 : found.config().surplus(entries, bytes);
  }

  /** Removes the entries of all partitions that fit, and returns how many there were. */
  public long removePartitions(IntPredicate partitions) {
    long removed = 0;
    for (Entries each : caches.values()) {
      for (Key key : each.keys()) {
        if (partitions.test(key.partition())) {
          each.remove(key);
          removed++;
        }
      }
    }
    return removed;
  }

  /** Returns the bound in bytes. */
  public long maxBytes() {
    return maxBytes;
  }

  /** Returns how many bytes all entries take. */
  public long bytes() {
    long sum = 0;
    for (Entries each : caches.values()) {
      sum += each.bytes();
    }
    return sum;
  }

  /** Returns how many entries there are, about. */
  public long size() {
    return statistics().stream().mapToLong(CacheStatistics::entries).sum();
  }
}
