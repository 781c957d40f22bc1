package io.smache.node.store;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What was invalidated in a shard and may still be in memory: an entry that was is not found.
 * Thread-safe, except that {@link #record} needs the shard's lock.
 */
final class ShardGenerations {
  private final Map<String, Generations> byCache = new ConcurrentHashMap<>();
  private final InvalidationBudget budget;

  ShardGenerations(InvalidationBudget budget) {
    this.budget = budget;
  }

  /**
   * Invalidates what was written before. Guarded by the shard's lock.
   *
   * @param last number of the last write before
   */
  void record(String cache, Invalidation invalidation, long last) {
    Generations known = byCache.get(cache);
    Generations generations =
        known != null ? known : byCache.computeIfAbsent(cache, name -> new Generations(budget));
    generations.record(invalidation, last);
  }

  /** Returns those of a cache, or null when nothing of it was ever invalidated here. */
  @Nullable Generations find(String cache) {
    return byCache.get(cache);
  }

  /**
   * Returns the entry of a key, null when there is none or it was invalidated.
   *
   * @param uses whether this counts as a use of the entry
   */
  @Nullable Entry entry(Entries entries, Key key, boolean uses) {
    Generations invalidated = byCache.get(entries.name());
    if (invalidated == null) {
      return uses ? entries.use(key) : entries.look(key);
    }
    return unlessInvalidated(invalidated, key, () -> uses ? entries.use(key) : entries.look(key));
  }

  /** Returns what is found under the key unless it was invalidated. */
  @Nullable Entry unlessInvalidated(EntryId id, Supplier<@Nullable Entry> look) {
    Generations invalidated = byCache.get(id.cache());
    return invalidated == null ? look.get() : unlessInvalidated(invalidated, id.key(), look);
  }

  /** Looks again when a sweep went by, or the entry was removed, spared or replaced meanwhile. */
  @SuppressWarnings("ReferenceEquality") // the very same
  private static @Nullable Entry unlessInvalidated(
      Generations invalidated, Key key, Supplier<@Nullable Entry> look) {
    while (true) {
      int round = invalidated.rounds();
      Entry entry = look.get();
      boolean gone = entry == null || invalidated.cover(key, entry);
      boolean same = entry == null || !gone || look.get() == entry;
      if (same && round == invalidated.rounds()) {
        return gone ? null : entry;
      }
    }
  }
}
