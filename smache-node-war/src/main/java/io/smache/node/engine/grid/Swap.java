package io.smache.node.engine.grid;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A cell to be put in place of another one: at the owner if the other one is there, then at all
 * that have copies, whatever they have. For one exchange at a time.
 */
final class Swap {
  /** What {@link #found} says when nothing is there. */
  static final byte[] NOTHING = {};

  private final byte @Nullable [] before;
  private final byte @Nullable [] next;
  private final long keep;
  private final boolean told;
  private long number;
  private boolean made;
  private byte @Nullable [] found;

  private Swap(byte @Nullable [] before, byte @Nullable [] next, long keep, boolean told) {
    this.before = before;
    this.next = next;
    this.keep = keep;
    this.told = told;
  }

  /**
   * Returns one that its owner decides.
   *
   * @param before null for none
   * @param next null for none
   * @param keep for how many ms the next one means something, -1 for ever
   */
  static Swap of(byte @Nullable [] before, byte @Nullable [] next, long keep) {
    return new Swap(before, next, keep, false);
  }

  /**
   * Returns what an owner says to a member with a copy.
   *
   * @param number that {@link Decisions} gave to it
   * @param refused whether nothing is to be done
   */
  static Swap told(byte @Nullable [] next, long keep, long number, boolean refused) {
    Swap told = new Swap(null, next, keep, true);
    told.number = number;
    told.found = refused ? NOTHING : null;
    return told;
  }

  byte @Nullable [] before() {
    return before;
  }

  byte @Nullable [] next() {
    return next;
  }

  long keep() {
    return keep;
  }

  /**
   * Decides at the owner. One that was made already, and comes again, is made again.
   *
   * @param current what is there, null for none
   * @param number of this decision, not 0
   * @throws IllegalStateException when it was made, and something else is there since: whether the
   *     others have had it is not known
   */
  void decide(byte @Nullable [] current, long number) {
    this.number = number;
    if (Arrays.equals(current, before) || (made && Arrays.equals(current, next))) {
      made = true;
      found = null;
    } else if (made) {
      throw new IllegalStateException("the cell was exchanged again before all members had it");
    } else {
      found = current == null ? NOTHING : current;
    }
  }

  /** Returns whether another member, its owner, has decided it. */
  boolean isTold() {
    return told;
  }

  /** Returns whether the owner has decided. */
  boolean isDecided() {
    return number != 0;
  }

  /** Returns the number of the decision, 0 before it. */
  long number() {
    return number;
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
