package io.smache.node.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lists the entries of a cache, page by page in the order of their keys, without any lock. A page
 * depends on nothing but the key behind which it begins. But since the keys have no order in
 * memory, a page costs a pass over all of them, and so a pass keeps more keys than the page needs:
 * they serve the next pages for a while. A first page never uses what was kept, so that no list
 * rests on keys from before it began. Thread-safe.
 */
public final class Pages {
  private static final int AHEAD = 1 << 16;
  private static final int MAX_BYTES = 1 << 24;
  private static final int REFERENCE_BYTES = 8;
  private static final Duration WHILE = Duration.ofSeconds(60);

  private final Caches caches;
  private final Function<Key, Shard> shardOf;

  /** Passes over a large cache take long: they must not take all threads. */
  private static final int LARGE = 10_000;

  private static final int MAX_LARGE_PASSES = 2;

  private final AtomicLong passes = new AtomicLong();
  private final Semaphore largePasses = new Semaphore(MAX_LARGE_PASSES);
  private final Cache<ListKey, Ahead> kept =
      Caffeine.newBuilder()
          .maximumWeight(MAX_BYTES)
          .weigher((ListKey id, Ahead ahead) -> ahead.bytes())
          .expireAfterWrite(WHILE)
          .executor(Runnable::run)
          .build();

  private record ListKey(String cache, @Nullable Key prefix) {}

  /**
   * Keys in their order, complete from one on.
   *
   * @param pass number of the pass that found them
   * @param after the key behind which they begin, or null for the very first
   * @param last whether there are none behind them
   */
  private record Ahead(long pass, @Nullable Key after, List<Key> keys, boolean last) {
    boolean covers(Key wanted) {
      boolean begun = after == null || wanted.compareTo(after) >= 0;
      return begun && (last || wanted.compareTo(keys.get(keys.size() - 1)) < 0);
    }

    int bytes() {
      return keys.stream().mapToInt(key -> key.length() + REFERENCE_BYTES).sum();
    }

    List<Key> behind(@Nullable Key wanted) {
      if (wanted == null) {
        return keys;
      }
      int at = Collections.binarySearch(keys, wanted);
      return keys.subList(at < 0 ? -at - 1 : at + 1, keys.size());
    }
  }

  /**
   * Makes lists.
   *
   * @param shardOf returns which shard a key belongs to
   */
  public Pages(Caches caches, Function<Key, Shard> shardOf) {
    this.caches = caches;
    this.shardOf = shardOf;
  }

  /**
   * Returns the first entries of a cache behind a key, in the order of keys.
   *
   * @throws BusyException when other lists of large caches are under way; the call may be repeated
   */
  public List<Listed> page(Command.Page page) throws BusyException {
    Entries entries = caches.find(page.cache());
    if (entries == null) {
      return List.of();
    }
    List<Listed> listed = new ArrayList<>();
    Key after = page.after();
    while (true) {
      Ahead ahead = ahead(entries, page, after);
      for (Key key : ahead.behind(after)) {
        Listed entry = shardOf.apply(key).look(page.cache(), key);
        if (entry != null) {
          listed.add(entry);
        }
        if (listed.size() == page.limit()) {
          return listed;
        }
        after = key;
      }
      if (ahead.last()) {
        return listed;
      }
    }
  }

  /** Forgets keys that nobody has asked for in time; to be called now and then. */
  public void reclaim() {
    kept.cleanUp();
  }

  /** Other lists are under way. */
  public static final class BusyException extends Exception {
    private static final long serialVersionUID = 1L;

    BusyException() {
      super("other lists of large caches are under way");
    }
  }

  private Ahead ahead(Entries entries, Command.Page page, @Nullable Key after)
      throws BusyException {
    ListKey id = new ListKey(page.cache(), page.prefix());
    Ahead known = after == null ? null : kept.getIfPresent(id);
    if (known != null && after != null && known.covers(after)) {
      return known;
    }
    Ahead found = boundedPass(entries, page.prefix(), after);
    kept.asMap().merge(id, found, (one, other) -> one.pass() > other.pass() ? one : other);
    return found;
  }

  private Ahead boundedPass(Entries entries, @Nullable Key prefix, @Nullable Key after)
      throws BusyException {
    if (entries.keys().size() < LARGE) {
      return pass(entries, prefix, after);
    }
    if (!largePasses.tryAcquire()) {
      throw new BusyException();
    }
    try {
      return pass(entries, prefix, after);
    } finally {
      largePasses.release();
    }
  }

  private Ahead pass(Entries entries, @Nullable Key prefix, @Nullable Key after) {
    long pass = passes.incrementAndGet();
    PriorityQueue<Key> first = new PriorityQueue<>(Comparator.reverseOrder());
    for (Key key : entries.keys()) {
      boolean full = first.size() == AHEAD;
      boolean wanted =
          (after == null || key.compareTo(after) > 0)
              && (prefix == null || key.startsWith(prefix))
              && !(full && key.compareTo(first.element()) >= 0);
      if (wanted) {
        if (full) {
          first.remove();
        }
        first.add(key);
      }
    }
    return new Ahead(pass, after, first.stream().sorted().toList(), first.size() < AHEAD);
  }
}
