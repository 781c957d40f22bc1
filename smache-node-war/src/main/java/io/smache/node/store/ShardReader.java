package io.smache.node.store;

import java.util.function.Supplier;

/** Reads the entries of a shard, without its lock. Thread-safe. */
final class ShardReader {
  private final Caches caches;
  private final ShardGenerations generations;
  private final Supplier<ShardOwnership> owned;

  /**
   * Takes what is read.
   *
   * @param owned returns the ownership of the moment
   */
  ShardReader(Caches caches, ShardGenerations generations, Supplier<ShardOwnership> owned) {
    this.caches = caches;
    this.generations = generations;
    this.owned = owned;
  }

  /**
   * Reads. What was read while ownership changed is not what was asked for: it is read again.
   *
   * @param counts whether the read is counted as a hit or a miss
   */
  @SuppressWarnings("ReferenceEquality") // the very same
  Outcome read(Get get, boolean counts) {
    while (true) {
      ShardOwnership now = owned.get();
      Outcome outcome = now.has(get.key()) ? read(get, counts, now) : new Outcome.NotOwned();
      if (now == owned.get()) {
        return outcome;
      }
    }
  }

  /** An entry that arrives is there before its key is settled: so that is looked at first. */
  private Outcome read(Get get, boolean counts, ShardOwnership now) {
    boolean open = now.isOpen(get.cache(), get.key());
    Entries entries = caches.find(get.cache());
    Entry entry = entries == null ? null : generations.entry(entries, get.key(), true);
    if (entry == null && open) {
      return new Outcome.Arriving();
    }
    if (entries != null && counts) {
      entries.count(entry != null);
    }
    long left = entries == null || entry == null ? 0 : entries.left(get.key(), entry);
    return Reading.of(get, entry, left, () -> entries == null ? 0 : entries.claimed(get.key()));
  }
}
