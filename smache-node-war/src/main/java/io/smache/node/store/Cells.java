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
    if (entry == null) {
      return null;
    }
    Snapshot snapshot = entry.snapshot(cell.left(now));
    return new Listed(key, entry.value().length, snapshot.version(), snapshot.left());
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
    return idle > 0 && cell.left(now()) > 0 && now() - cell.used() > idle / TOUCH_PARTS;
  }

  /** Begins the idle time of an entry anew, unless it has ended. */
  public static Change touch(Cell cell) {
    long now = now();
    Cell next = cell.left(now) > 0 ? new Cell(cell.entry(), now, cell.claim()) : cell;
    return new Change(next, Outcome.Absent.PLAIN);
  }

  /** Lets an entry live on that an invalidation has spared. */
  public static Change spare(Key key, Cell cell, Marks marks) {
    Entry entry = entry(key, cell, marks, now());
    Cell next =
        entry == null || entry.order() >= marks.number()
            ? cell
            : new Cell(entry.at(marks.number()), cell.used(), cell.claim());
    return new Change(next, Outcome.Absent.PLAIN);
  }

  /**
   * Executes an operation, a GET as {@link Shard#claim} does.
   *
   * @param version of the entry that it leaves behind
   */
  public Change perform(Operation operation, Cell cell, Marks marks, Version version) {
    long now = now();
    Entry current = entry(operation.key(), cell, marks, now);
    return operation instanceof Get get
        ? claim(get, cell, current, now)
        : write((Write) operation, operation, cell, current, marks, version, now);
  }

  private static Change claim(Get get, Cell cell, @Nullable Entry current, long now) {
    Outcome outcome = read(get, cell, current, now);
    if (!(outcome instanceof Outcome.Unclaimed)) {
      return new Change(cell, outcome);
    }
    long claim = get.claim() > 0 ? get.claim() : Get.DEFAULT_CLAIM;
    Cell next = new Cell(current, cell.used(), now + TimeUnit.MILLISECONDS.toNanos(claim));
    return new Change(next, Reading.won(read(get.withoutClaim(), next, current, now)));
  }

  @SuppressWarnings("ReferenceEquality") // the very entry, unchanged
  private Change write(
      Write write,
      Operation operation,
      Cell cell,
      @Nullable Entry current,
      Marks marks,
      Version version,
      long now) {
    Entries known = caches.find(operation.cache());
    LifetimeSpec defaults = known == null ? LifetimeSpec.UNSAID : known.config().lifetime();
    WriteContext context = new WriteContext(version, now, Clock.SYSTEM.epochSeconds(), defaults);
    Write.Change change = write.apply(current, context);
    Entry next = change.next();
    if (next == current) {
      return new Change(cell, change.outcome());
    }
    if (next == null) {
      return new Change(new Cell(null, 0, cell.claim()), change.outcome());
    }
    Entries entries = known == null ? caches.of(operation.cache()) : known;
    if (entries == null) {
      return new Change(cell, Shard.tooManyCaches());
    }
    String refusal = entries.refusal(operation.key(), next);
    return refusal == null
        ? new Change(new Cell(next.at(marks.number()), now, 0), change.outcome())
        : new Change(cell, new Outcome.TooLarge(refusal));
  }
}
