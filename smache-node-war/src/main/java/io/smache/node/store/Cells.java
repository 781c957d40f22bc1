package io.smache.node.store;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What operations make of cells: the pure functions of the core on the form in which a grid keeps
 * entries. The configurations and counters are those of this node's caches. Thread-safe.
 */
public final class Cells {
  /**
   * An entry with an idle time is written anew when a read comes this part of it after the last.
   */
  private static final int TOUCH_PARTS = 16;

  /** How much the clocks of nodes may differ. */
  private static final long CLOCKS_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Caches caches;

  /** Takes the configurations and the counters. */
  public Cells(Caches caches) {
    this.caches = caches;
  }

  /**
   * What became of a cell.
   *
   * @param next the very same when nothing has changed
   */
  public record Change(Cell next, Outcome outcome) {}

  /** Returns the ns since 1970: lifetimes are compared by nodes with clocks of their own. */
  public static long now() {
    return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
  }

  /** Answers a GET, {@link Outcome.Unclaimed} as {@link Shard#read} does. */
  public Outcome read(Get get, Cell cell, Marks marks) {
    long now = now();
    Entry entry = entry(get.key(), cell, marks, now);
    Entries entries = entry == null ? caches.find(get.cache()) : caches.of(get.cache());
    if (entries != null) {
      entries.count(entry != null);
    }
    return read(get, cell, entry, now);
  }

  private static Outcome read(Get get, Cell cell, @Nullable Entry entry, long now) {
    long left = entry == null ? 0 : cell.left(now);
    return Reading.of(get, entry, left, () -> cell.claimed(now));
  }

  /** Returns the entry of a cell that has not ended and was not invalidated, or null. */
  private static @Nullable Entry entry(Key key, Cell cell, Marks marks, long now) {
    Entry entry = cell.visible(now);
    return entry == null || marks.cover(key, entry) ? null : entry;
  }

  /** Returns what a list says of the cell, or null when it has no entry. */
  public @Nullable Listed listed(Key key, Cell cell, Marks marks) {
    long now = now();
    Entry entry = entry(key, cell, marks, now);
    return entry == null ? null : Listed.of(key, entry, cell.left(now), now);
  }

  /** Whether an entry is still to be kept. */
  public enum Fate {
    /** It is, or there is none. */
    LIVES,
    /** Its life has ended, on every clock. */
    ENDED,
    /** There is none, and nobody asks for what is remembered of earlier ones. */
    FORGOTTEN,
    /** It was invalidated. */
    INVALIDATED
  }

  /** Returns whether the entry of a cell is still to be kept. */
  public Fate fate(Key key, Cell cell, Marks marks) {
    Entry entry = cell.entry();
    long now = now() - CLOCKS_NANOS;
    if (entry == null) {
      return cell.isForgotten(now) ? Fate.FORGOTTEN : Fate.LIVES;
    }
    if (marks.cover(key, entry)) {
      return Fate.INVALIDATED;
    }
    return cell.keep(now) > 0 ? Fate.LIVES : Fate.ENDED;
  }

  /** Returns how many bytes the entry of a cell takes, -1 when there is none. */
  public long bytes(Key key, Cell cell, Marks marks) {
    Entry entry = entry(key, cell, marks, now());
    return entry == null ? -1 : Weight.of(key, entry);
  }

  /**
   * Returns whether the read of a cell has to be told to all that have it: its idle time begins.
   */
  public boolean isToBeTouched(Cell cell) {
    Entry entry = cell.entry();
    long idle = entry == null ? 0 : entry.expiration().idle();
    if (idle == 0) {
      return false;
    }
    long now = now();
    return cell.left(now) > 0 && now - cell.used() > idle / TOUCH_PARTS;
  }

  /** Begins the idle time of an entry anew, unless it has ended. */
  public static Change touch(Cell cell) {
    long now = now();
    return new Change(cell.left(now) > 0 ? cell.usedAt(now) : cell, Outcome.Absent.PLAIN);
  }

  /** Changes nothing: all that have a copy are to have it as it is. */
  public static Change leave(Cell cell) {
    return new Change(cell, Outcome.Absent.PLAIN);
  }

  /** Lets an entry live on that an invalidation has spared. */
  public static Change spare(Key key, Cell cell, Marks marks) {
    Entry entry = entry(key, cell, marks, now());
    Cell next =
        entry == null || entry.order() >= marks.number() ? cell : cell.at(entry, marks.number());
    return new Change(next, Outcome.Absent.PLAIN);
  }

  /**
   * Executes an operation, a GET as {@link Shard#claim} does; not again what was done already. Its
   * number is the version of the entry that it leaves behind.
   */
  public Change perform(Numbered asked, Cell cell, Marks marks) {
    long now = now();
    Outcome known = cell.recall(asked, now);
    if (known != null) {
      return new Change(cell, known);
    }
    Entry current = entry(asked.key(), cell, marks, now);
    return asked.operation() instanceof Get get
        ? claim(get, cell, current, now)
        : write((Write) asked.operation(), asked, cell, current, marks.number(), now);
  }

  private static Change claim(Get get, Cell cell, @Nullable Entry current, long now) {
    Outcome outcome = read(get, cell, current, now);
    if (!(outcome instanceof Outcome.Unclaimed)) {
      return new Change(cell, outcome);
    }
    long claim = get.claim() > 0 ? get.claim() : Get.DEFAULT_CLAIM;
    Cell next = cell.claimed(current, now + TimeUnit.MILLISECONDS.toNanos(claim));
    return new Change(next, Reading.won(read(get.withoutClaim(), next, current, now)));
  }

  @SuppressWarnings("ReferenceEquality") // the very entry, unchanged
  private Change write(
      Write write, Numbered asked, Cell cell, @Nullable Entry current, long order, long now) {
    Entries known = caches.find(asked.cache());
    LifetimeSpec defaults = known == null ? LifetimeSpec.UNSAID : known.config().lifetime();
    WriteContext context =
        new WriteContext(asked.number(), now, Clock.SYSTEM.epochSeconds(), defaults);
    Write.Change change = write.apply(current, context);
    Entry next = change.next();
    if (next == null && (current != null || isUnsure(asked, change.outcome(), cell))) {
      return new Change(cell.after(asked, null, current == null, now), change.outcome());
    }
    if (next == null || next == current) {
      return new Change(cell, change.outcome());
    }
    Entries entries = known == null ? caches.of(asked.cache()) : known;
    if (entries == null) {
      return new Change(cell, Shard.tooManyCaches());
    }
    String refusal = entries.refusal(asked.key(), next);
    return refusal == null
        ? new Change(cell.after(asked, next.at(order), current == null, now), change.outcome())
        : new Change(cell, new Outcome.TooLarge(refusal));
  }

  /** What was evicted here, where nothing is left of it, may still be at another member. */
  private static boolean isUnsure(Numbered asked, Outcome outcome, Cell cell) {
    return asked.operation() instanceof Delete
        && outcome instanceof Outcome.Absent
        && cell.entry() == null
        && cell.done().isEmpty();
  }
}
