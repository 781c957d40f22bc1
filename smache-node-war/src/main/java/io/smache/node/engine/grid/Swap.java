package io.smache.node.engine.grid;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A cell to be put in place of another one, if the owner has the other one. To be decided once. For
 * one thread at a time.
 */
final class Swap {
  /** What {@link #found} says when nothing is there. */
  static final byte[] NOTHING = {};

  private final byte @Nullable [] before;
  private final byte @Nullable [] next;
  private boolean decided;
  private byte @Nullable [] found;

  /** Takes both cells as bytes, null for none. */
  Swap(byte @Nullable [] before, byte @Nullable [] next) {
    this.before = before;
    this.next = next;
  }

  byte @Nullable [] before() {
    return before;
  }

  byte @Nullable [] next() {
    return next;
  }

  /**
   * Decides at the owner.
   *
   * @param current what is there, null for none
   */
  void decide(byte @Nullable [] current) {
    decided = true;
    if (!Arrays.equals(current, before)) {
      found = current == null ? NOTHING : current;
    }
  }

  /** Returns whether the owner has decided. */
  boolean isDecided() {
    return decided;
  }

  /** Returns whether the owner has another cell than was expected. */
  boolean isRefused() {
    return found != null;
  }

  /** Returns what the owner has if it refused, {@link #NOTHING} for no cell; null if it did not. */
  byte @Nullable [] found() {
    return found;
  }

  /** Returns about how many bytes it takes to tell it. */
  int size() {
    return next == null ? 0 : next.length;
  }
}
