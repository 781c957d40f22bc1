package io.smache.node.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one cache on this node, in one map for all shards, so that the bound is the
 * node's. W-TinyLFU evicts entries beyond the bound; ended entries are invisible. Thread-safe; a
 * writer of a key holds the lock of its shard.
 */
final class Entries {
  /** The share of the bound that claims may take in addition to entries. */
  private static final int CLAIMS_SHARE = 64;

  private final String name;
  private final Clock clock;
  private final long nodeBytes;
  private final long nodeValueBytes;
  private final Cache<Key, Entry> cache;
  private final Policy.Eviction<Key, Entry> eviction;
  private final Policy.VarExpiration<Key, Entry> expiry;

  /** Claims to compute missing or stale values: the time (ns) at which each ends. */
  private final Cache<Key, Long> claims;

  private final LongAdder bytes = new LongAdder();
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder puts = new LongAdder();
  private final LongAdder removals = new LongAdder();
  private final LongAdder evictions = new LongAdder();
  private final LongAdder expirations = new LongAdder();

  private volatile CacheConfig config = CacheConfig.UNSAID;

  /** Whether nothing was written or configured since the last drop. */
  private volatile boolean dropped;

  /** The least weight of an entry, so that a bound of bytes bounds their number as well. */
  private volatile int least = 1;

  Entries(String name, Clock clock, long nodeBytes, long nodeValueBytes) {
    this.name = name;
    this.clock = clock;
    this.nodeBytes = nodeBytes;
    this.nodeValueBytes = nodeValueBytes;
    cache =
        Caffeine.newBuilder()
            .maximumWeight(nodeBytes)
            .weigher((Key key, Entry entry) -> Math.max(least, Weight.of(key, entry)))
            .expireAfter(new LifeExpiry())
            .evictionListener(this::evicted)
            .ticker(clock::nanos)
            .executor(Runnable::run)
            .build();
    claims =
        Caffeine.newBuilder()
            .maximumWeight(nodeBytes / CLAIMS_SHARE)
            .weigher((Key key, Long until) -> key.length() + Weight.OVERHEAD_BYTES)
            .executor(Runnable::run)
            .build();
    eviction = cache.policy().eviction().orElseThrow();
    expiry = cache.policy().expireVariably().orElseThrow();
  }

  String name() {
    return name;
  }

  CacheConfig config() {
    return config;
  }

  /** Returns the entry and counts a use, which renews its idle time. */
  @Nullable Entry use(Key key) {
    Entry entry = cache.getIfPresent(key);
    if (entry != null && entry.expiration().idle() > 0) {
      renew(key, entry);
    }
    return entry;
  }

  /**
   * Renews the idle time of an entry that has not ended, by an update: Caffeine skips renewals by
   * reads within a second.
   */
  private void renew(Key key, Entry entry) {
    if (left(key, entry) > 0) {
      cache.asMap().computeIfPresent(key, (same, current) -> current);
    }
  }

  /** Returns the entry without counting a use. */
  @Nullable Entry look(Key key) {
    return cache.policy().getIfPresentQuietly(key);
  }

  /** Returns for how many ns the entry lives on; not positive when it has ended. */
  long left(Key key, Entry entry) {
    Expiration expiration = entry.expiration();
    if (expiration.idle() == 0) {
      return expiration.ends() ? expiration.left(clock.nanos()) : Expiration.ENDLESS;
    }
    long kept = expiry.getExpiresAfter(key, TimeUnit.NANOSECONDS).orElse(0);
    return kept - expiration.stale();
  }

  void put(Key key, Entry entry) {
    Entry old = cache.asMap().put(key, entry);
    bytes.add(Weight.of(key, entry) - (old == null ? 0 : Weight.of(key, old)));
    unclaim(key);
    dropped = false;
  }

  /**
   * Stores an entry from another node.
   *
   * @param keep ns that it is kept without being used
   */
  void put(Key key, Entry entry, long keep) {
    put(key, entry);
    if (entry.expiration().idle() > 0) {
      expiry.setExpiresAfter(key, keep, TimeUnit.NANOSECONDS);
    }
  }

  /** Returns the claimed keys. */
  Set<Key> claimed() {
    return claims.asMap().keySet();
  }

  /** Ends a claim of the key; nearly always there is none at all. */
  void unclaim(Key key) {
    if (claims.estimatedSize() > 0) {
      claims.invalidate(key);
    }
  }

  void remove(Key key) {
    Entry old = cache.asMap().remove(key);
    if (old != null) {
      bytes.add(-Weight.of(key, old));
    }
  }

  /** Removes exactly this entry; may be called without any lock. */
  void remove(Key key, Entry entry) {
    if (cache.asMap().remove(key, entry)) {
      bytes.add(-Weight.of(key, entry));
    }
  }

  /** Returns all keys, weakly consistent: a key that is there all the time appears once. */
  Set<Key> keys() {
    return cache.asMap().keySet();
  }

  void count(boolean hit) {
    (hit ? hits : misses).increment();
  }

  /** Counts a write that changed something. */
  void countWrite(boolean stored) {
    (stored ? puts : removals).increment();
  }

  void countExpiration() {
    expirations.increment();
  }

  void countEviction() {
    evictions.increment();
  }

  /** Returns for how many ns the key is claimed, 0 when it is not. */
  long claimed(Key key) {
    Long until = claims.getIfPresent(key);
    return until == null ? 0 : Math.max(0, until - clock.nanos());
  }

  void claim(Key key, long nanos) {
    claims.put(key, clock.nanos() + nanos);
  }

  /** Returns the bound that the entry exceeds, or null. */
  @Nullable String refusal(Key key, Entry entry) {
    Long own = config.maxValueBytes();
    long maxValue = own == null ? nodeValueBytes : Math.min(own, nodeValueBytes);
    if (entry.value().length > maxValue) {
      return "the value has %d bytes but the cache %s takes at most %d"
          .formatted(entry.value().length, name, maxValue);
    }
    long bound = bound();
    return Weight.of(key, entry) <= bound
        ? null
        : "the entry takes %d bytes but the cache %s has %d for all"
            .formatted(Weight.of(key, entry), name, bound);
  }

  /** Resets the configuration; the caller invalidates the entries. */
  void drop() {
    configure(CacheConfig.UNSAID);
    dropped = true;
  }

  boolean isDropped() {
    return dropped;
  }

  void configure(CacheConfig next) {
    dropped = false;
    config = next;
    Long maxEntries = next.maxEntries();
    int before = least;
    least = maxEntries == null ? 1 : (int) Math.min(Integer.MAX_VALUE, bound() / maxEntries);
    if (least != before) {
      keys().forEach(this::weighAgain);
    }
  }

  /** An update weighs an entry again; it must not revive an ended one. */
  private void weighAgain(Key key) {
    Entry entry = look(key);
    if (entry != null) {
      renew(key, entry);
    }
  }

  /** Returns the most bytes that the cache may ever have here. */
  long bound() {
    Long maxBytes = config.maxBytes();
    return maxBytes == null ? nodeBytes : Math.min(maxBytes, nodeBytes);
  }

  /** Evicts the least useful entries until at most this many bytes are left. */
  void limit(long most) {
    boolean enough = least == 1 || bytes.sum() > most;
    long maximum = enough ? Math.min(most, bound()) : bound();
    if (eviction.getMaximum() != maximum) {
      eviction.setMaximum(maximum);
    }
  }

  long bytes() {
    return bytes.sum();
  }

  /** Frees the memory of ended entries. */
  void reclaim() {
    cache.cleanUp();
    long now = clock.nanos();
    claims.asMap().values().removeIf(until -> until - now <= 0);
  }

  CacheStatistics statistics() {
    return new CacheStatistics(
        name,
        cache.estimatedSize(),
        bytes.sum(),
        hits.sum(),
        misses.sum(),
        puts.sum(),
        removals.sum(),
        evictions.sum(),
        expirations.sum());
  }

  private void evicted(@Nullable Key key, @Nullable Entry entry, RemovalCause cause) {
    if (key != null && entry != null) {
      bytes.add(-Weight.of(key, entry));
      (cause == RemovalCause.EXPIRED ? expirations : evictions).increment();
    }
  }

  /** How long Caffeine keeps an entry: for its life, and for as long as it may be served stale. */
  private static final class LifeExpiry implements Expiry<Key, Entry> {
    @Override
    public long expireAfterCreate(Key key, Entry entry, long now) {
      return entry.expiration().keep(now);
    }

    @Override
    public long expireAfterUpdate(Key key, Entry entry, long now, long current) {
      return entry.expiration().keep(now);
    }

    @Override
    public long expireAfterRead(Key key, Entry entry, long now, long current) {
      return current;
    }
  }
}
