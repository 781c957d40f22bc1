package io.smache.node.store;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the memory of invalidation records on a node, in bytes, so that clients cannot fill the
 * heap with them. Thread-safe.
 */
final class InvalidationBudget {
  /**
   * The overhead of a record in addition to its text: the map's node, two boxed numbers, object
   * headers.
   */
  static final int RECORD_BYTES = 96;

  private static final long LEAST = 1 << 20;
  private static final int SHARE = 32;

  private final long most;
  private final AtomicLong used = new AtomicLong();

  private InvalidationBudget(long most) {
    this.most = most;
  }

  /** Returns the budget for a bound of entries: a 32nd of it, at least 1 MiB. */
  static InvalidationBudget beside(long maxBytes) {
    return new InvalidationBudget(Math.max(LEAST, maxBytes / SHARE));
  }

  /** Takes the bytes of a record with a text of this length; returns false when there are none. */
  boolean reserve(int length) {
    if (used.addAndGet(RECORD_BYTES + length) <= most) {
      return true;
    }
    give(length);
    return false;
  }

  /** Gives back what {@link #reserve} took. */
  void give(int length) {
    used.addAndGet(-(RECORD_BYTES + length));
  }

  /** Returns the bytes that are used now. */
  long used() {
    return used.get();
  }
}
