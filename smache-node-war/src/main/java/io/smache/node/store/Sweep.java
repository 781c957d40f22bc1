package io.smache.node.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Goes once through all entries, without any lock, while others write, and removes those that were
 * invalidated. For one thread at a time.
 */
public final class Sweep {
  private final Caches caches;
  private final Collection<Shard> shards;
  private final Function<Key, Shard> shardOf;
  private final OutboundTransfers outboundTransfers;

  /**
   * Makes a sweep.
   *
   * @param shardOf returns which of the shards a key belongs to
   * @param outboundTransfers entries that are no longer in the caches but are invalidated as well
   */
  public Sweep(
      Caches caches,
      Collection<Shard> shards,
      Function<Key, Shard> shardOf,
      OutboundTransfers outboundTransfers) {
    this.caches = caches;
    this.shards = shards;
    this.shardOf = shardOf;
    this.outboundTransfers = outboundTransfers;
  }

  /** Frees the memory of all entries that were invalidated; returns how many there were. */
  public long reclaim() {
    return caches.all().stream().mapToLong(this::reclaim).sum();
  }

  private record Pending(Generations generations, List<Map.Entry<Object, Long>> records) {}

  private long reclaim(Entries entries) {
    List<Pending> pending = new ArrayList<>();
    for (Shard shard : shards) {
      Generations generations = shard.invalidated(entries.name());
      if (generations != null && !generations.isEmpty()) {
        pending.add(new Pending(generations, generations.pending()));
      }
    }
    if (pending.isEmpty()) {
      return 0;
    }
    long removed = 0;
    for (Key key : entries.keys()) {
      Entry entry = entries.look(key);
      Generations generations = shardOf.apply(key).invalidated(entries.name());
      if (entry != null && generations != null && generations.cover(key, entry)) {
        entries.remove(key, entry);
        removed++;
      }
    }
    removed += outboundTransfers.removeInvalidated(entries.name());
    pending.forEach(each -> each.generations().drop(each.records()));
    return removed;
  }
}
