package io.smache.uplink;

/** What a node asked for cannot be: the message says why, and what would help. */
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  RefusedException(String message) {
    super(message);
  }
}
