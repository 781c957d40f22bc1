package io.smache.node.store;

/** What came of an operation on one key. */
public sealed interface Outcome {
  /** The entry that was asked for. */
  record Found(Entry entry) implements Outcome {}

  /** There is no such entry. */
  record Absent() implements Outcome {}

  /** The entry is stored. */
  record Stored() implements Outcome {}

  /** The key's partition is not, or no longer, owned here; nothing was read or written. */
  record NotOwned() implements Outcome {}

  /**
   * The operation could not be done now; the same request may succeed a little later.
   *
   * @param reason a sentence for the client
   */
  record Unavailable(String reason) implements Outcome {}
}
