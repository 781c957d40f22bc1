package io.smache.node.engine.grid;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The order in which owners have decided. Messages may overtake each other, and one that comes late
 * may run beside those that came after it: a copy never goes back to an older decision about a key.
 * Thread-safe.
 */
final class Decisions {
  /** Places of a partition: of two messages with keys of one, the overtaken one is not done. */
  private static final int PLACES = 8;

  /** Decisions of one owner while the placement stays as it is: more than can ever be made. */
  private static final int COUNT_BITS = 36;

  private final AtomicLong last = new AtomicLong();
  private final Place[] places;

  /** Some keys of a partition, which at any time have the same owner. */
  private static final class Place {
    private long newest; // guarded by this
  }

  /** Begins with none. */
  Decisions(int partitions) {
    places = new Place[partitions * PLACES];
    for (int i = 0; i < places.length; i++) {
      places[i] = new Place();
    }
  }

  /**
   * Returns the number of what this member decides as the owner: greater than all that it has
   * decided, and all that the owners of earlier placements have.
   *
   * @param placement the number of the placement by which it is the owner
   * @throws IllegalStateException when it has decided by a later one already, whose owner may be
   *     another
   */
  long next(int placement) {
    return last.updateAndGet(before -> after(before, placement));
  }

  private static long after(long before, int placement) {
    long next = Math.max(before + 1, (long) placement << COUNT_BITS);
    if (next >>> COUNT_BITS != placement) {
      throw new IllegalStateException("a later placement is in force");
    }
    return next;
  }

  /**
   * Does at a copy what was decided, unless a later decision was done here.
   *
   * @return whether it was done
   */
  boolean follow(int partition, Object key, long number, Runnable done) {
    int hash = key.hashCode();
    Place place = places[partition * PLACES + ((hash ^ (hash >>> 16)) & (PLACES - 1))];
    synchronized (place) {
      if (number < place.newest) {
        return false;
      }
      place.newest = number;
      done.run();
      return true;
    }
  }
}
