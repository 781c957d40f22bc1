package io.smache.node.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What goes once through all entries of a cache, without any lock, while others write. One thread
 * at a time reclaims; any number may list.
 */
public final class Sweep {
  private final Caches caches;
  private final Collection<Shard> shards;
  private final Function<Key, Shard> shardOf;

  /**
   * Makes a sweep.
   *
   * @param shardOf returns which of the shards a key belongs to
   */
  public Sweep(Caches caches, Collection<Shard> shards, Function<Key, Shard> shardOf) {
    this.caches = caches;
    this.shards = shards;
    this.shardOf = shardOf;
  }

  /** Frees the memory of all entries that were invalidated; returns how many there were. */
  public long reclaim() {
    return caches.all().stream().mapToLong(this::reclaim).sum();
  }

  private record Pending(Generations generations, List<Map.Entry<Object, Long>> records) {}

  private long reclaim(Entries entries) {
    List<Pending> pending = new ArrayList<>();
    for (Shard shard : shards) {
      Generations generations = shard.generations(entries.name());
      if (!generations.isEmpty()) {
        pending.add(new Pending(generations, generations.pending()));
      }
    }
    if (pending.isEmpty()) {
      return 0;
    }
    long removed = 0;
    for (Key key : entries.keys()) {
      Entry entry = entries.look(key);
      Generations generations = shardOf.apply(key).generations(entries.name());
      if (entry != null && generations.cover(key, entry)) {
        entries.remove(key, entry);
        removed++;
      }
    }
    pending.forEach(each -> each.generations().drop(each.records()));
    return removed;
  }

  /** Returns the first entries of a cache behind a key, in the order of keys. */
  public List<Listed> page(Command.Page page) {
    Entries entries = caches.find(page.cache());
    if (entries == null) {
      return List.of();
    }
    PriorityQueue<Key> first = new PriorityQueue<>(Comparator.reverseOrder());
    for (Key key : entries.keys()) {
      boolean full = first.size() == page.limit();
      if (!follows(key, page) || (full && key.compareTo(first.element()) >= 0)) {
        continue;
      }
      if (shardOf.apply(key).look(page.cache(), key) == null) {
        continue;
      }
      if (full) {
        first.remove();
      }
      first.add(key);
    }
    return first.stream()
        .sorted()
        .map(key -> listed(page.cache(), key))
        .flatMap(List::stream)
        .toList();
  }

  private static boolean follows(Key key, Command.Page page) {
    return (page.after() == null || key.compareTo(page.after()) > 0)
        && (page.prefix() == null || key.startsWith(page.prefix()));
  }

  /** Empty when the entry went meanwhile: then it was not there all the while. */
  private List<Listed> listed(String cache, Key key) {
    @Nullable Snapshot entry = shardOf.apply(key).look(cache, key);
    return entry == null
        ? List.of()
        : List.of(new Listed(key, entry.value().length, entry.version(), entry.left()));
  }
}
