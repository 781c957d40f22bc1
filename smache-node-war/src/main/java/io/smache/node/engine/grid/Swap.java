package io.smache.node.engine.grid;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A cell to be put in place of another one: at the owner if the other one is there, then at all
 * that have copies, whatever they have. For one exchange at a time.
 */
final class Swap {
  private final byte @Nullable [] before;
  private final byte @Nullable [] next;
  private final long keep;
  private boolean tried;
  private boolean refused;

  /**
   * Takes both cells as bytes, null for none.
   *
   * @param keep for how many ms the next one means something, -1 for ever
   */
  Swap(byte @Nullable [] before, byte @Nullable [] next, long keep) {
    this.before = before;
    this.next = next;
    this.keep = keep;
  }

  /** Returns what the owner says to another member. */
  static Swap received(byte @Nullable [] next, long keep, boolean refused) {
    Swap received = new Swap(null, next, keep);
    received.refused = refused;
    return received;
  }

  byte @Nullable [] next() {
    return next;
  }

  long keep() {
    return keep;
  }

  /** Decides at the owner; one that was made already, and comes again, is made again. */
  void decide(byte @Nullable [] current) {
    tried = true;
    refused = !Arrays.equals(current, before) && !Arrays.equals(current, next);
  }

  /** Returns whether the owner has decided. */
  boolean isTried() {
    return tried;
  }

  /** Returns whether the owner has another cell than was expected. */
  boolean isRefused() {
    return refused;
  }

  /** Returns about how many bytes it takes to tell it. */
  int size() {
    return next == null ? 0 : next.length;
  }
}
