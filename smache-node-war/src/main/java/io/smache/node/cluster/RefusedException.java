package io.smache.node.cluster;

/** Uplink or another node answered, and refused; the message has its reason. */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  RefusedException(String message, int status) {
    super(message);
    this.status = status;
  }

  /** Returns the status of the answer, 0 when it was none of HTTP. */
  public int status() {
    return status;
  }
}
