package io.smache.node.api.entry;

import io.smache.node.api.message.Reply;
import io.smache.node.store.Outcome;
import io.smache.protocol.message.Status;
import java.util.Optional;

/**
 * The status and reason of a refused operation.
 *
 * @param detail a sentence for the client
 */
public record Refusal(Status status, String detail) {
  /** Returns the refusal of an outcome; empty for one that was executed or may be retried. */
  public static Optional<Refusal> of(Outcome outcome) {
    if (outcome instanceof Outcome.PreconditionFailed) {
      return Optional.of(
          new Refusal(
              Status.PRECONDITION_FAILED,
              "a precondition failed (If-Match, If-None-Match, If-Modified-Since or If-Unmodified-Since)"));
    }
    if (outcome instanceof Outcome.Conflict conflict) {
      return Optional.of(new Refusal(Status.CONFLICT, conflict.reason()));
    }
    if (outcome instanceof Outcome.Unsupported unsupported) {
      return Optional.of(new Refusal(Status.UNSUPPORTED_MEDIA_TYPE, unsupported.reason()));
    }
    return outcome instanceof Outcome.TooLarge large
        ? Optional.of(new Refusal(Status.CONTENT_TOO_LARGE, large.reason()))
        : Optional.empty();
  }

  Reply reply() {
    return Reply.problem(status, detail);
  }
}
