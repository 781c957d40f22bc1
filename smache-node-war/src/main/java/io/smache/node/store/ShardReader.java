package io.smache.node.store;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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
    return switch (get.preconditions().judge(entry, true)) {
      case FAILED -> new Outcome.PreconditionFailed();
      case NOT_MODIFIED -> notModified(answer(get, entries, entry));
      case PROCEED -> answer(get, entries, entry);
    };
  }

  /**
   * An entry past its end is never said to be unmodified: a cache in front would take it for fresh
   * again, and would not let its client know that it is to compute the value.
   */
  private static Outcome notModified(Outcome outcome) {
    return outcome instanceof Outcome.Found found && found.state() == State.PLAIN
        ? new Outcome.NotModified(found.entry().withoutValue())
        : outcome;
  }

  private static Outcome answer(Get get, @Nullable Entries entries, @Nullable Entry entry) {
    return entries != null && entry != null
        ? found(get, entries, entry)
        : missing(get, entries == null ? 0 : entries.claimed(get.key()));
  }

  private static Outcome found(Get get, Entries entries, Entry entry) {
    long left = entries.left(get.key(), entry);
    if (get.embeds()) {
      entry.examine();
    }
    Snapshot snapshot = entry.snapshot(left);
    if (left > 0) {
      return Outcome.Found.fresh(snapshot);
    }
    return get.recomputes() && entries.claimed(get.key()) == 0
        ? new Outcome.Unclaimed()
        : new Outcome.Found(snapshot, State.STALE);
  }

  private static Outcome missing(Get get, long claimed) {
    if (claimed > 0 && (get.claim() > 0 || get.timeout() > 0)) {
      return new Outcome.Absent(State.PENDING, TimeUnit.NANOSECONDS.toMillis(claimed) + 1);
    }
    return get.recomputes() && get.claim() > 0 ? new Outcome.Unclaimed() : Outcome.Absent.PLAIN;
  }
}
