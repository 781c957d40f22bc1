package io.smache.node.store;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One slice of a node: its writes, and the partitions that it owns; it refuses all others.
 *
 * <p>{@link #read} may be called at any time by any thread. The methods that change something must
 * not overlap: whoever calls them holds the lock of this shard. Since ownership changes under the
 * same lock, no write slips through once it is gone.
 */
public final class Shard {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** How long operations of one call hold the lock before others may have it. */
  private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Caches caches;

  /** Not negative: as text of a tag, it would take ten times as long. */
  private final long instance = RANDOM.nextLong(Long.MAX_VALUE);

  private final ShardGenerations generations;
  private final ShardReader reader;

  /** Number of the last write. Guarded by the shard's lock. */
  private long sequence;

  /** Written under the shard's lock. */
  private volatile ShardOwnership owned = ShardOwnership.NOTHING;

  /** Makes a shard that owns nothing yet. */
  public Shard(Caches caches) {
    this.caches = caches;
    generations = new ShardGenerations(caches.invalidationBudget());
    reader = new ShardReader(caches, generations, () -> owned);
  }

  /**
   * Reads. Answers {@link Outcome.Unclaimed} when somebody is to compute the value and nobody does:
   * then {@link #claim} decides.
   */
  public Outcome read(Get get) {
    return reader.read(get, true);
  }

  /** Reads, and tells the asker to compute the value if nobody does. Guarded by the lock. */
  public Outcome claim(Get get) {
    Outcome outcome = reader.read(get, false);
    if (!(outcome instanceof Outcome.Unclaimed)) {
      return outcome;
    }
    Entries entries = caches.of(get.cache());
    if (entries == null) {
      return tooManyCaches();
    }
    long claim = get.claim() > 0 ? get.claim() : Get.DEFAULT_CLAIM;
    entries.claim(get.key(), TimeUnit.MILLISECONDS.toNanos(claim));
    return Reading.won(reader.read(get.withoutClaim(), false));
  }

  /** Returns what a list says of an entry, which is no use of it; null when there is none. */
  @Nullable Listed look(String cache, Key key) {
    Entries entries = caches.find(cache);
    Entry entry = entries == null || !owns(key) ? null : generations.entry(entries, key, false);
    return entries == null || entry == null
        ? null
        : Listed.of(key, entry, entries.left(key, entry), caches.clock().nanos());
  }

  /** Does what the write decides. Guarded by the shard's lock. */
  public Outcome write(String cache, Key key, Write write) {
    return write(cache, key, write, List.of());
  }

  /** Executes an operation, a GET as {@link #claim} does. Guarded by the shard's lock. */
  public Outcome perform(Operation operation) {
    return operation instanceof Write write
        ? write(operation.cache(), operation.key(), write, operation.invalidates())
        : claim((Get) operation);
  }

  /**
   * Executes operations one after the other, the first at least, until others should have the lock.
   * Guarded by the shard's lock.
   *
   * @return an outcome of each that was executed
   */
  public List<Outcome> performSome(List<Operation> operations) {
    long began = caches.clock().nanos();
    List<Outcome> outcomes = new ArrayList<>(operations.size());
    for (Operation operation : operations) {
      outcomes.add(perform(operation));
      if (caches.clock().nanos() - began > MOST_NANOS) {
        break;
      }
    }
    return outcomes;
  }

  @SuppressWarnings("ReferenceEquality") // the very entry, unchanged
  private Outcome write(String cache, Key key, Write write, List<String> invalidates) {
    if (!owns(key)) {
      return new Outcome.NotOwned();
    }
    Entries known = caches.find(cache);
    Entry current = known == null ? null : generations.entry(known, key, false);
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
      generations.record(cache, Invalidation.ofGroups(invalidates), last);
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

  static Outcome tooManyCaches() {
    return new Outcome.Conflict(
        "this node has %d cache names and accepts no more".formatted(Caches.MAX_CACHES));
  }

  private void replace(Entries entries, Key key, @Nullable Entry next) {
    entries.countWrite(next != null);
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
    Entry spared = except == null ? null : generations.entry(entries, except, false);
    long last = sequence;
    if (spared != null && except != null && invalidation.covers(except, spared.groups())) {
      // Before the record: who reads meanwhile must not miss it.
      long keep = entries.left(except, spared) + spared.expiration().stale();
      sequence++;
      entries.put(except, spared.at(sequence), keep);
    }
    generations.record(cache, invalidation, last);
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
    if (known == null || generations.entry(known, id.key(), false) == null) {
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

  /** Returns what was invalidated in a cache here, or null when nothing ever was. */
  @Nullable Generations invalidated(String cache) {
    return generations.find(cache);
  }

  /** Returns whether the key's partition is owned here. */
  public boolean owns(Key key) {
    return owned.has(key);
  }

  /** Returns what is found under the key unless it was invalidated, whoever owns the key. */
  @Nullable Entry unlessInvalidated(EntryId id, Supplier<@Nullable Entry> look) {
    return generations.unlessInvalidated(id, look);
  }
}
