package io.smache.node.store;

/** What a client wants of one key, wherever the key lives. */
public sealed interface Operation {
  /** Returns the key it is about. */
  Key key();

  /** Asks for the entry. */
  record Get(Key key) implements Operation {}

  /**
   * Stores a value.
   *
   * @param value taken, not copied
   */
  @SuppressWarnings("ArrayRecordComponent") // a message, never compared
  record Put(Key key, byte[] value) implements Operation {}
}
