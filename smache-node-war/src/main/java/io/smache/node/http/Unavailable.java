package io.smache.node.http;

import io.smache.protocol.http.Problem;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import jakarta.ws.rs.core.Response.Status;

/** What cannot be served now, and may be a little later. */
final class Unavailable {
  /** After how many seconds such a request may be sent again. */
  static final int RETRY_SECONDS = 1;

  /** What a request is told before this node has its first table. */
  static final String NOT_JOINED = "this node has not joined its cluster yet";

  private Unavailable() {}

  /** Returns 503 with the reason, to which headers may be added. */
  static ResponseBuilder response(String reason) {
    return Problem.response(Status.SERVICE_UNAVAILABLE, reason)
        .header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
  }
}
