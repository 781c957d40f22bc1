package io.smache.protocol.http;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response.StatusType;
import java.util.Set;

/** A request is refused; the message says what is wrong and what is allowed. */
public final class ProblemException extends WebApplicationException {
  private static final long serialVersionUID = 1L;

  /** Takes the status, 400 or above, and the detail. */
  public ProblemException(StatusType status, String detail) {
    super(detail, Problem.response(status, detail).build());
  }

  /** Takes the status 405, the detail and the methods that are known. */
  public ProblemException(StatusType status, String detail, Set<String> allowed) {
    super(detail, Problem.response(status, detail).allow(allowed).build());
  }

  /** Returns what the response says. */
  public Problem problem() {
    return (Problem) getResponse().getEntity();
  }
}
