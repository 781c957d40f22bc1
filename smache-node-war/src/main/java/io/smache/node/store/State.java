package io.smache.node.store;

/** What the asker for an entry should know beside it (header {@code Smache-State}). */
public enum State {
  /** Nothing. */
  PLAIN(""),
  /** The value has ended, and somebody else computes it anew. */
  STALE("stale"),
  /** The value has ended, and the asker is to compute it anew. */
  STALE_WINNER("stale, winner"),
  /** There is no value, and the asker is to compute it. */
  WINNER("winner"),
  /** There is no value, and somebody else computes it. */
  PENDING("pending");

  private final String text;

  State(String text) {
    this.text = text;
  }

  /** Returns the field value, empty for {@link #PLAIN}. */
  public String text() {
    return text;
  }
}
