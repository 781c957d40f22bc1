package io.smache.node.store;

import java.util.List;

/**
 * A write with a number of its own. When it is asked again, because nobody knows whether it was
 * done, it is recognized and not done twice.
 *
 * @param operation what is asked
 * @param number of this write, and the version of the entry that it leaves behind
 * @param settled all writes with lower sequences of the same instance are never asked again, but
 *     the late ones
 * @param late sequences of those that take long, or were asked more than once
 * @param again whether it was asked before
 */
public record Numbered(
    Operation operation, Version number, long settled, List<Long> late, boolean again)
    implements Operation {
  /** Makes one that knows of no late ones. */
  public Numbered(Operation operation, Version number, long settled, boolean again) {
    this(operation, number, settled, List.of(), again);
  }

  /** Returns the same, to be asked once more. */
  public Numbered onceMore() {
    return new Numbered(operation, number, settled, late, true);
  }

  /** Returns whether another write of the same instance is never asked again. */
  boolean settles(long sequence) {
    return sequence < settled && !late.contains(sequence);
  }

  @Override
  public String cache() {
    return operation.cache();
  }

  @Override
  public Key key() {
    return operation.key();
  }

  @Override
  public Preconditions preconditions() {
    return operation.preconditions();
  }

  @Override
  public long bytes() {
    return operation.bytes();
  }

  @Override
  public List<String> invalidates() {
    return operation.invalidates();
  }
}
