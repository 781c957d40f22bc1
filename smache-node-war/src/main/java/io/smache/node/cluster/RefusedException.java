package io.smache.node.cluster;

/** Uplink answered, and refused; the message has its reason. */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RefusedException(String message) {
    super(message);
  }
}
