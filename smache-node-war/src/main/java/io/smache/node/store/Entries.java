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
 * The entries of one cache on this node, in one map for all shards: so the bound is the node's and
 * not a shard's. When they are too many, W-TinyLFU decides which go; when their life ends, nobody
 * sees them any more. Thread-safe; whoever writes a key holds the lock of its shard.
 */
final class Entries {
  /** The part of the bound that claims may take beside the entries. */
  private static final int CLAIMS_SHARE = 64;

  private final String name;
  private final Clock clock;
  private final long nodeBytes;
  private final long nodeValueBytes;
  private final Cache<Key, Entry> cache;
  private final Policy.Eviction<Key, Entry> eviction;
  private final Policy.VarExpiration<Key, Entry> expiration;

  /** Who computes a missing or stale value: until when (ns) nobody else is told to. */
  private final Cache<Key, Long> claims;

  private final LongAdder bytes = new LongAdder();
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder evictions = new LongAdder();
  private final LongAdder expirations = new LongAdder();

  private volatile CacheConfig config = CacheConfig.UNSAID;

  /** Whether nothing was written or said since it was dropped. */
  private volatile boolean dropped;

  /** The least that an entry weighs: by it a bound of bytes bounds their number as well. */
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
    expiration = cache.policy().expireVariably().orElseThrow();
  }

  String name() {
    return name;
  }

  CacheConfig config() {
    return config;
  }

  /** Returns the entry, which counts as a use of it and so renews its idle time. */
  @Nullable Entry use(Key key) {
    Entry entry = cache.getIfPresent(key);
    if (entry != null && entry.life().idle() > 0) {
      renew(key, entry);
    }
    return entry;
  }

  /**
   * Counts the life of an entry that has not ended from now. An update does this exactly; a read
   * alone would not, since Caffeine leaves out renewals of less than a second.
   */
  private void renew(Key key, Entry entry) {
    if (left(key, entry) > 0) {
      cache.asMap().computeIfPresent(key, (same, current) -> current);
    }
  }

  /** Returns the entry, which counts as nothing. */
  @Nullable Entry look(Key key) {
    return cache.policy().getIfPresentQuietly(key);
  }

  /** Returns for how many ns the entry lives on; not positive when it has ended. */
  long left(Key key, Entry entry) {
    Life life = entry.life();
    if (life.idle() == 0) {
      return life.ends() ? life.left(clock.nanos()) : Life.ENDLESS;
    }
    long kept = expiration.getExpiresAfter(key, TimeUnit.NANOSECONDS).orElse(0);
    return kept - life.stale();
  }

  void put(Key key, Entry entry) {
    Entry old = cache.asMap().put(key, entry);
    bytes.add(Weight.of(key, entry) - (old == null ? 0 : Weight.of(key, old)));
    claims.invalidate(key);
    dropped = false;
  }

  /**
   * Puts an entry that came from another node.
   *
   * @param keep ns that it is to be kept if nobody uses it
   */
  void put(Key key, Entry entry, long keep) {
    put(key, entry);
    if (entry.life().idle() > 0) {
      expiration.setExpiresAfter(key, keep, TimeUnit.NANOSECONDS);
    }
  }

  /** Returns the keys that somebody computes a value for. */
  Set<Key> claimed() {
    return claims.asMap().keySet();
  }

  void unclaim(Key key) {
    claims.invalidate(key);
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

  /** Returns all keys, while others write: each that is there all the while once. */
  Set<Key> keys() {
    return cache.asMap().keySet();
  }

  void count(boolean hit) {
    (hit ? hits : misses).increment();
  }

  /** Returns for how many ns the key is claimed, 0 when it is not. */
  long claimed(Key key) {
    Long until = claims.getIfPresent(key);
    return until == null ? 0 : Math.max(0, until - clock.nanos());
  }

  void claim(Key key, long nanos) {
    claims.put(key, clock.nanos() + nanos);
  }

  /** Returns what the entry is too large for, or null when it is not. */
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

  /** Forgets what was said of it; its entries are invalidated by whoever drops it. */
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

  /** Weighing is part of an update; an entry that has ended must not live on by it. */
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

  /** Lets the least useful entries go until there are at most so many bytes. */
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

  /** Frees the memory of what has ended. */
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
      return entry.life().keep(now);
    }

    @Override
    public long expireAfterUpdate(Key key, Entry entry, long now, long current) {
      return entry.life().keep(now);
    }

    @Override
    public long expireAfterRead(Key key, Entry entry, long now, long current) {
      return current;
    }
  }
}
