package io.smache.protocol.message;

import java.util.Set;
import java.util.TreeSet;

/** A request is refused; the message says what is wrong and what is allowed. */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Status status;
  private final transient Set<String> allowed;

  /** Takes the status, 400 or above, and the detail. */
  public ProblemException(Status status, String detail) {
    this(status, detail, Set.of());
  }

  /** Takes the status 405, the detail and the methods that are allowed. */
  public ProblemException(Status status, String detail, Set<String> allowed) {
    super(detail, null, false, false);
    this.status = status;
    this.allowed = allowed;
  }

  /** Returns the status. */
  public Status status() {
    return status;
  }

  /** Returns what the reply tells. */
  public Problem problem() {
    return new Problem(status, String.valueOf(getMessage()));
  }

  /** Returns the value of Allow (RFC 9110, section 10.2.1), empty for a status other than 405. */
  public String allow() {
    return String.join(", ", new TreeSet<>(allowed));
  }
}
