package io.smache.node.http;

import io.smache.node.cache.Answer;
import io.smache.node.store.Outcome;
import io.smache.protocol.http.Problem;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import jakarta.ws.rs.core.Response.Status;

/** What all responses have in common that touch an entry. */
final class Reply {
  /** Header that names the node which owns the entry. */
  static final String NODE = "Smache-Node";

  /** After how many seconds a request may be sent again that could not be served now. */
  static final int RETRY_SECONDS = 1;

  /** What a request is told before this node has its first table. */
  static final String NOT_JOINED = "this node has not joined its cluster yet";

  private Reply() {}

  /** Returns a response that names the node. */
  static ResponseBuilder ok(Answer answer, byte[] body) {
    return Response.ok(body).header(NODE, answer.node());
  }

  /** Returns 503 for an outcome that is not an answer to the request. */
  static Response unavailable(Answer answer) {
    String reason =
        answer.outcome() instanceof Outcome.Unavailable unavailable
            ? unavailable.reason()
            : "the partition of this key is moving";
    return Problem.response(Status.SERVICE_UNAVAILABLE, reason)
        .header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS)
        .header(NODE, answer.node())
        .build();
  }
}
