package io.smache.node.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a grid keeps under a key: an entry or none, the claim to compute it, and the writes that may
 * be asked again. All times are ns since 1970, because several nodes read them. Immutable; values
 * are not copied on their way in.
 *
 * @param used when the entry was last used, for those that end when nobody does; when it was
 *     removed
 * @param claim when the claim ends, 0 for none
 * @param created whether there was no entry before the write that left this one
 * @param crowded whether writes were forgotten that may be asked again
 * @param done writes before that one which may be asked again
 */
public record Cell(
    @Nullable Entry entry,
    long used,
    long claim,
    boolean created,
    boolean crowded,
    List<Done> done) {
  /** Nothing is there. */
  public static final Cell EMPTY = new Cell(null, 0, 0, false, false, List.of());

  /** How long a write without an entry is remembered: much longer than it is asked again. */
  static final long REMEMBERED_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** How many writes are remembered, so that a busy key stays small. */
  static final int MOST_DONE = 64;

  private static final Outcome UNKNOWN =
      new Outcome.Unavailable(
          "too many write this key at once to know whether this was done", true);

  /**
   * Reads a cell.
   *
   * @param bytes null for an empty one
   * @throws IllegalArgumentException when a later version has written it
   */
  public static Cell of(byte @Nullable [] bytes) {
    return bytes == null ? EMPTY : CellForm.read(bytes);
  }

  /** Returns whether the bytes of a cell have an entry that lives until somebody ends it. */
  public static boolean isEndless(byte[] bytes) {
    return CellForm.isEndless(bytes);
  }

  /** Returns it as bytes; null when there is nothing to keep. */
  public byte @Nullable [] bytes() {
    return entry == null && claim == 0 && done.isEmpty() ? null : CellForm.write(this);
  }

  /**
   * Returns for how many ns the entry lives on; not positive when it has ended or there is none.
   */
  long left(long now) {
    Entry kept = entry;
    if (kept == null) {
      return 0;
    }
    Expiration expiration = kept.expiration();
    long untilEnd = expiration.ends() ? expiration.end() - now : Expiration.ENDLESS;
    return expiration.idle() == 0 ? untilEnd : Math.min(untilEnd, used + expiration.idle() - now);
  }

  /** Returns the entry while it lives or may be served stale; null afterwards. */
  @Nullable Entry visible(long now) {
    Entry kept = entry;
    return kept == null || left(now) + kept.expiration().stale() <= 0 ? null : kept;
  }

  /** Returns for how many ns the claim lasts, 0 for none. */
  long claimed(long now) {
    return claim == 0 ? 0 : Math.max(0, claim - now);
  }

  /**
   * Returns after how many ns nothing of it means anything, {@link Expiration#ENDLESS} for never.
   */
  long keep(long now) {
    Entry kept = entry;
    long entryKeeps = kept == null ? 0 : left(now) + kept.expiration().stale();
    return Math.max(entryKeeps, claimed(now));
  }

  /** Returns whether there is no entry, and nothing that anybody may still ask for. */
  boolean isForgotten(long now) {
    return entry == null && claimed(now) == 0 && now - used >= REMEMBERED_NANOS;
  }

  /**
   * Returns what a claim leaves behind.
   *
   * @param visible the entry, null when it has ended
   */
  Cell claimed(@Nullable Entry visible, long until) {
    return new Cell(visible, used, until, created, crowded, done);
  }

  /** Returns the same, used at a time. */
  Cell usedAt(long now) {
    return new Cell(entry, now, claim, created, crowded, done);
  }

  /** Returns the same with the entry at another place among invalidations. */
  Cell at(Entry same, long order) {
    return new Cell(same.at(order), used, claim, created, crowded, done);
  }

  /**
   * Returns what a write leaves behind. It ends the claim, if it leaves an entry.
   *
   * @param next the entry from now on, null for none
   * @param fresh whether there was no entry before
   */
  Cell after(Numbered write, @Nullable Entry next, boolean fresh, long now) {
    List<Done> kept = new ArrayList<>(done.size() + 2);
    for (Done each : done) {
      if (!each.isSettled(write)) {
        kept.add(each);
      }
    }
    Entry before = entry;
    if (before != null) {
      Done last = Done.of(before, created);
      if (!last.isSettled(write)) {
        kept.add(last);
      }
    }
    if (next == null) {
      kept.add(new Done(write.number(), fresh, null));
    }
    boolean many = kept.size() > MOST_DONE;
    List<Done> latest = many ? kept.subList(kept.size() - MOST_DONE, kept.size()) : kept;
    return new Cell(
        next,
        now,
        next == null ? claim : 0,
        fresh && next != null,
        many || (crowded && !kept.isEmpty()),
        List.copyOf(latest));
  }

  /** Returns what a write returned when it was done, null when it was not. */
  @Nullable Outcome recall(Numbered write, long now) {
    Entry last = entry;
    if (last != null && last.version().equals(write.number())) {
      return new Done(write.number(), created, last.value())
          .outcome(write.operation(), last, left(now));
    }
    for (Done each : done) {
      if (each.number().equals(write.number())) {
        return each.outcome(write.operation(), last, left(now));
      }
    }
    return write.again() && crowded ? UNKNOWN : null;
  }
}
