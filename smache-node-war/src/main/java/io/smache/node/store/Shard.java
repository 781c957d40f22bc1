package io.smache.node.store;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One slice of a node. It knows which partitions the node owns, and refuses all others.
 *
 * <p>{@link #read} may be called at any time by any thread. The methods that change something must
 * not overlap: whoever calls them holds the lock of this shard. Since ownership changes under the
 * same lock, no write slips through once it is gone.
 */
public final class Shard {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Caches caches;

  /** Not negative: as text of a tag, it would take ten times as long. */
  private final long instance = RANDOM.nextLong(Long.MAX_VALUE);

  private final Map<String, Generations> generations = new ConcurrentHashMap<>();

  /** Number of the last write. Guarded by the shard's lock. */
  private long sequence;

  /** Written under the shard's lock. */
  private volatile ShardOwnership owned = ShardOwnership.NOTHING;

  /** Makes a shard that owns nothing yet. */
  public Shard(Caches caches) {
    this.caches = caches;
  }

  /**
   * Reads. Answers {@link Outcome.Unclaimed} when somebody is to compute the value and nobody does:
   * then {@link #claim} decides.
   */
  public Outcome read(Get get) {
    return judged(get, true);
  }

  /** What was read while ownership changed is not what was asked for: it is read again. */
  @SuppressWarnings("ReferenceEquality") // the very same
  private Outcome judged(Get get, boolean counts) {
    while (true) {
      ShardOwnership now = owned;
      Outcome outcome = now.has(get.key()) ? judged(get, counts, now) : new Outcome.NotOwned();
      if (now == owned) {
        return outcome;
      }
    }
  }

  /** An entry that arrives is there before its key is settled: so that is looked at first. */
  private Outcome judged(Get get, boolean counts, ShardOwnership now) {
    boolean open = now.isOpen(get.cache(), get.key());
    Entries entries = caches.find(get.cache());
    Entry entry = entries == null ? null : live(entries, get.key(), true);
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

  /** Reads, and tells the asker to compute the value if nobody does. Guarded by the lock. */
  public Outcome claim(Get get) {
    Outcome outcome = judged(get, false);
    if (!(outcome instanceof Outcome.Unclaimed)) {
      return outcome;
    }
    Entries entries = caches.of(get.cache());
    if (entries == null) {
      return tooManyCaches();
    }
    long claim = get.claim() > 0 ? get.claim() : Get.DEFAULT_CLAIM;
    entries.claim(get.key(), TimeUnit.MILLISECONDS.toNanos(claim));
    return won(judged(get.withoutClaim(), false));
  }

  private static Outcome won(Outcome outcome) {
    if (outcome instanceof Outcome.Found found) {
      return new Outcome.Found(found.entry(), State.STALE_WINNER);
    }
    return outcome instanceof Outcome.Absent ? new Outcome.Absent(State.WINNER, 0) : outcome;
  }

  /** Returns the entry as it is, which is no use of it; null when there is none. */
  @Nullable Snapshot look(String cache, Key key) {
    Entries entries = caches.find(cache);
    Entry entry = entries == null || !owns(key) ? null : live(entries, key, false);
    return entries == null || entry == null ? null : entry.snapshot(entries.left(key, entry));
  }

  /** Does what the write decides. Guarded by the shard's lock. */
  public Outcome write(String cache, Key key, Write write) {
    return write(cache, key, write, List.of());
  }

  /** Does an operation that changes something. Guarded by the shard's lock. */
  public Outcome write(Operation operation) {
    return operation instanceof Write write
        ? write(operation.cache(), operation.key(), write, operation.invalidates())
        : claim((Get) operation);
  }

  /** Does operations one after the other. Guarded by the shard's lock. */
  public List<Outcome> writeAll(List<Operation> operations) {
    List<Outcome> outcomes = new ArrayList<>(operations.size());
    operations.forEach(operation -> outcomes.add(write(operation)));
    return outcomes;
  }

  @SuppressWarnings("ReferenceEquality") // the very entry, unchanged
  private Outcome write(String cache, Key key, Write write, List<String> invalidates) {
    if (!owns(key)) {
      return new Outcome.NotOwned();
    }
    Entries known = caches.find(cache);
    Entry current = known == null ? null : live(known, key, false);
    if (current == null && owned.isOpen(cache, key)) {
      return new Outcome.Arriving();
    }
    long last = sequence++;
    Write.Change change = write.apply(current, context(known));
    Entry next = change.next();
    if (next == current) {
      return change.outcome();
    }
    Entries entries = known == null ? caches.of(cache) : known;
    if (entries == null) {
      return tooManyCaches();
    }
    String refusal = next == null ? null : entries.refusal(key, next);
    if (refusal != null) {
      return new Outcome.TooLarge(refusal);
    }
    replace(entries, key, next);
    settle(cache, key);
    if (!invalidates.isEmpty()) {
      generations(cache).record(Invalidation.ofGroups(invalidates), last);
    }
    return change.outcome();
  }

  private WriteContext context(@Nullable Entries entries) {
    Clock clock = caches.clock();
    return new WriteContext(
        new Version(instance, sequence),
        clock.nanos(),
        clock.epochSeconds(),
        entries == null ? LifetimeSpec.UNSAID : entries.config().lifetime());
  }

  private static Outcome tooManyCaches() {
    return new Outcome.Conflict(
        "this node has taken %d cache names, and takes no more".formatted(Caches.MAX_CACHES));
  }

  private void replace(Entries entries, Key key, @Nullable Entry next) {
    if (next == null) {
      entries.remove(key);
    } else {
      entries.put(key, next);
      caches.share();
    }
  }

  private void settle(String cache, Key key) {
    InboundTransfer transfer = owned.transfer(key);
    if (transfer != null) {
      transfer.settle(new EntryId(cache, key));
    }
  }

  /**
   * Removes everything that was written before. Guarded by the shard's lock.
   *
   * @param except a key of this shard whose entry stays, or null
   */
  public void invalidate(String cache, Invalidation invalidation, @Nullable Key except) {
    Entries entries = caches.find(cache);
    if (entries == null) {
      return;
    }
    Entry spared = except == null ? null : live(entries, except, false);
    long last = sequence;
    if (spared != null && except != null && invalidation.covers(except, spared.groups())) {
      // Before the record: who reads meanwhile must not miss it.
      long keep = entries.left(except, spared) + spared.expiration().stale();
      sequence++;
      entries.put(except, spared.at(sequence), keep);
    }
    generations(cache).record(invalidation, last);
  }

  /**
   * From now on serves exactly these partitions. Guarded by the shard's lock.
   *
   * @param arriving those of them that their old owner has not completely handed over yet, with the
   *     epoch in which they came
   */
  public void own(BitSet partitions, Map<Integer, Long> arriving) {
    owned = owned.next(partitions, arriving);
  }

  /**
   * Marks these partitions as completely here. Guarded by the shard's lock.
   *
   * @param arrived with the epoch in which they came; nothing happens when it is another
   */
  public void complete(Map<Integer, Long> arrived) {
    owned = owned.without(arrived);
  }

  /**
   * Takes what the old owner gives, unless a newer entry is here or the key is settled. Guarded by
   * the shard's lock.
   *
   * @param since epoch in which the partition came here; nothing happens when it is another
   * @param asked whether the old owner was asked for the key, which settles it
   */
  public void receive(long since, TransferredEntry transferred, boolean asked) {
    EntryId id = transferred.id();
    InboundTransfer transfer = owned.transfer(id.key());
    if (transfer == null || transfer.since() != since || transfer.isSettled(id)) {
      return;
    }
    Entries known = caches.find(id.cache());
    if (known == null || live(known, id.key(), false) == null) {
      put(transferred);
    }
    if (asked) {
      transfer.settle(id);
    }
  }

  private void put(TransferredEntry transferred) {
    TransferredEntry.Contents contents = transferred.contents();
    boolean empty = contents == null && transferred.claim() <= 0;
    Entries entries = empty ? null : caches.of(transferred.id().cache());
    if (entries == null) {
      return;
    }
    Key key = transferred.id().key();
    if (contents != null && contents.keep() > 0) {
      sequence++;
      Entry entry = contents.entry(sequence, caches.clock().nanos());
      if (entries.refusal(key, entry) == null) {
        entries.put(key, entry, contents.keep());
        caches.share();
      }
    }
    if (transferred.claim() > 0) {
      entries.claim(key, transferred.claim());
    }
  }

  /** Returns what was invalidated in the cache and may still be in memory. */
  private Generations generations(String cache) {
    Generations found = generations.get(cache);
    return found != null
        ? found
        : generations.computeIfAbsent(cache, name -> new Generations(caches.invalidationBudget()));
  }

  /** Returns the same, or null when nothing of the cache was ever invalidated here. */
  @Nullable Generations invalidated(String cache) {
    return generations.get(cache);
  }

  /** Returns whether the key's partition is owned here. */
  public boolean owns(Key key) {
    return owned.has(key);
  }

  /** Returns what is found under the key unless it was invalidated, whoever owns the key. */
  @Nullable Entry valid(EntryId id, Supplier<@Nullable Entry> look) {
    Generations invalidated = generations.get(id.cache());
    return invalidated == null ? look.get() : valid(invalidated, id.key(), look);
  }

  /** Returns the entry unless it was invalidated; looks again when a sweep went by meanwhile. */
  private @Nullable Entry live(Entries entries, Key key, boolean uses) {
    Generations invalidated = generations.get(entries.name());
    if (invalidated == null) {
      return uses ? entries.use(key) : entries.look(key);
    }
    return valid(invalidated, key, () -> uses ? entries.use(key) : entries.look(key));
  }

  /** Checks again whether the entry was removed, spared or replaced meanwhile. */
  @SuppressWarnings("ReferenceEquality") // the very same
  private static @Nullable Entry valid(
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
