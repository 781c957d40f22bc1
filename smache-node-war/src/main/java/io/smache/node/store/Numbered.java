package io.smache.node.store;

import java.util.List;

/**
 * A write with a number of its own. When it is asked again, because nobody knows whether it was
 * done, it is recognized and not done twice.
 *
 * @param operation what is asked
 * @param number of this write, and the version of the entry that it leaves behind
 * @param settled all writes with lower sequences of the same instance are never asked again
 * @param again whether it was asked before
 */
public record Numbered(Operation operation, Version number, long settled, boolean again)
    implements Operation {
  /** Returns the same, to be asked once more. */
  public Numbered onceMore() {
    return new Numbered(operation, number, settled, true);
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
