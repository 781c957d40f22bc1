package io.smache.node.store;

/** What came of an operation on one key. */
public sealed interface Outcome {
  /** The entry that was asked for, or that was made of a part and what was there. */
  record Found(Snapshot entry, State state) implements Outcome {
    static Found fresh(Snapshot entry) {
      return new Found(entry, State.PLAIN);
    }
  }

  /** The asker has this entry already; its bytes are left out. */
  record NotModified(Snapshot entry) implements Outcome {}

  /**
   * There is no such entry.
   *
   * @param pending ms until another asker is told to compute it, 0 when nobody was told yet
   */
  record Absent(State state, long pending) implements Outcome {
    static final Absent PLAIN = new Absent(State.PLAIN, 0);
  }

  /**
   * The entry is stored.
   *
   * @param created whether there was none before
   */
  record Stored(boolean created, Version version) implements Outcome {}

  /** The entry is removed. */
  record Removed() implements Outcome {}

  /** A precondition failed; nothing was changed. */
  record PreconditionFailed() implements Outcome {}

  /** The value is not what the operation needs. */
  record Conflict(String reason) implements Outcome {}

  /** The media type of the value is not what the operation needs. */
  record Unsupported(String reason) implements Outcome {}

  /** The entry would be larger than the cache lets it. */
  record TooLarge(String reason) implements Outcome {}

  /** The key's partition is not, or no longer, owned here; nothing was read or written. */
  record NotOwned() implements Outcome {}

  /**
   * The key's partition is owned here, but what its old owner has of the key is not here yet;
   * nothing was read or written. Never leaves the node.
   */
  record Arriving() implements Outcome {}

  /**
   * It cannot be done at once, or its answer does not fit beside others; nothing was written. It is
   * to be asked again, alone. Result between nodes only.
   */
  record Later() implements Outcome {}

  /** The asker must claim the computation under the lock of the shard; never leaves the node. */
  record Unclaimed() implements Outcome {}

  /**
   * The operation could not be done now; the same request may succeed a little later.
   *
   * @param reason a sentence for the client
   * @param isFinal whether this node should not ask again by itself
   */
  record Unavailable(String reason, boolean isFinal) implements Outcome {
    /** Says why, and that it may be asked again; the parameter is that of the record. */
    public Unavailable(String reason) {
      this(reason, false);
    }
  }
}
