package io.smache.node.http;

import io.smache.node.cache.Answer;
import io.smache.node.store.Outcome;
import io.smache.node.store.Snapshot;
import io.smache.node.store.State;
import io.smache.protocol.http.Problem;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import jakarta.ws.rs.core.Response.Status;
import java.util.concurrent.TimeUnit;

/** From outcomes to responses: what all have in common that touch an entry. */
final class Reply {
  /** Header that names the node which owns the entry. */
  static final String NODE = "Smache-Node";

  /** Header that tells who is to compute a value. */
  static final String STATE = "Smache-State";

  /** After how many seconds a request may be sent again that could not be served now. */
  static final int RETRY_SECONDS = 1;

  /** What a request is told before this node has its first table. */
  static final String NOT_JOINED = "this node has not joined its cluster yet";

  private Reply() {}

  /** Returns 503 for an outcome that is not an answer to the request. */
  static Response unavailable(Answer answer) {
    return unavailable(reason(answer.outcome())).header(NODE, answer.node()).build();
  }

  static String reason(Outcome outcome) {
    return outcome instanceof Outcome.Unavailable unavailable
        ? unavailable.reason()
        : "the partition of this key is moving";
  }

  static ResponseBuilder unavailable(String reason) {
    return Problem.response(Status.SERVICE_UNAVAILABLE, reason)
        .header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
  }

  /** Returns the response to an outcome that is the same for every request to an entry. */
  static Response of(Answer answer, Reading reading) {
    Outcome outcome = answer.outcome();
    if (outcome instanceof Outcome.Stored stored) {
      return Response.status(stored.created() ? Status.CREATED : Status.NO_CONTENT)
          .header(HttpHeaders.ETAG, Selection.tag(stored.version()))
          .header(NODE, answer.node())
          .build();
    }
    if (outcome instanceof Outcome.Removed) {
      return Response.noContent().header(NODE, answer.node()).build();
    }
    if (outcome instanceof Outcome.NotModified same) {
      Snapshot entry = same.entry();
      return described(Response.notModified(), answer, entry, same.state())
          .header(HttpHeaders.ETAG, reading.tagOf(entry.version()))
          .build();
    }
    if (outcome instanceof Outcome.Absent absent) {
      return state(Problem.response(Status.NOT_FOUND, "there is no such entry"), absent.state())
          .header(HttpHeaders.CACHE_CONTROL, "no-store")
          .header(NODE, answer.node())
          .build();
    }
    return refused(answer);
  }

  /** Returns the response to what was refused, or could not be done now. */
  static Response refused(Answer answer) {
    return Refusal.of(answer.outcome())
        .map(refusal -> refusal.response().header(NODE, answer.node()).build())
        .orElseGet(() -> unavailable(answer));
  }

  /** Adds what is said of an entry beside its bytes. */
  static ResponseBuilder described(
      ResponseBuilder response, Answer answer, Snapshot entry, State state) {
    response
        .header(HttpHeaders.LAST_MODIFIED, HttpDate.format(entry.modified()))
        .header(HttpHeaders.CACHE_CONTROL, cacheControl(entry, state))
        .header(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING)
        .header(NODE, answer.node());
    if (entry.ends()) {
      // The answer is made now, by the origin: what is left is all left to a cache in front.
      response.header("Age", 0);
    }
    if (!entry.groups().isEmpty()) {
      response.header(Groups.CACHE_GROUPS, Groups.format(entry.groups()));
    }
    return state(response, state);
  }

  private static ResponseBuilder state(ResponseBuilder response, State state) {
    return state == State.PLAIN ? response : response.header(STATE, state.text());
  }

  private static String cacheControl(Snapshot entry, State state) {
    if (state != State.PLAIN) {
      return "no-store";
    }
    return entry.ends() ? "max-age=" + TimeUnit.MILLISECONDS.toSeconds(entry.left()) : "no-cache";
  }
}
