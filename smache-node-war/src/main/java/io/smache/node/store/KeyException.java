package io.smache.node.store;

/** A text or some bytes cannot be a key; the message says why and what is allowed. */
public final class KeyException extends Exception {
  private static final long serialVersionUID = 1L;

  KeyException(String message) {
    super(message);
  }

  KeyException(String message, Throwable cause) {
    super(message, cause);
  }
}
