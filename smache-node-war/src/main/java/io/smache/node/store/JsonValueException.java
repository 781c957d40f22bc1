package io.smache.node.store;

/** A value is not the JSON that an operation needs; the message says why. */
final class JsonValueException extends Exception {
  private static final long serialVersionUID = 1L;

  JsonValueException(String message) {
    super(message);
  }
}
