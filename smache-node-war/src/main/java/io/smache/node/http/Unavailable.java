package io.smache.node.http;

import io.smache.protocol.http.Problem;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import jakarta.ws.rs.core.Response.Status;

/** Answers 503 for temporary conditions. */
final class Unavailable {
  /** The value of Retry-After, in seconds. */
  static final int RETRY_SECONDS = 1;

  /** The reason before this node has its first table. */
  static final String NOT_JOINED = "this node has not joined its cluster yet";

  private Unavailable() {}

  /** Returns 503 with the reason, to which headers may be added. */
  static ResponseBuilder response(String reason) {
    return Problem.response(Status.SERVICE_UNAVAILABLE, reason)
        .header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
  }
}
