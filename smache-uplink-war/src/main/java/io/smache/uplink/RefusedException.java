package io.smache.uplink;

/** Uplink refuses a request of a node; the message says why, and what helps. */
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  RefusedException(String message) {
    super(message);
  }
}
