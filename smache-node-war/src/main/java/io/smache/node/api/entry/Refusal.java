package io.smache.node.api.entry;

import io.smache.node.api.message.Reply;
import io.smache.node.store.Outcome;
import io.smache.protocol.message.Status;

/**
 * The status and reason of a refused operation.
 *
 * @param detail a sentence for the client
 */
public record Refusal(Status status, String detail) {
  private static final Refusal MOVING =
      new Refusal(Status.SERVICE_UNAVAILABLE, "the partition of this key is moving");

  /**
   * Returns the refusal of an operation that was not executed.
   *
   * @throws IllegalArgumentException when the outcome is not one of these
   */
  public static Refusal of(Outcome outcome) {
    if (outcome instanceof Outcome.PreconditionFailed) {
      return new Refusal(
          Status.PRECONDITION_FAILED,
          "a precondition failed (If-Match, If-None-Match, If-Modified-Since or If-Unmodified-Since)");
    }
    if (outcome instanceof Outcome.Conflict conflict) {
      return new Refusal(Status.CONFLICT, conflict.reason());
    }
    if (outcome instanceof Outcome.Unsupported unsupported) {
      return new Refusal(Status.UNSUPPORTED_MEDIA_TYPE, unsupported.reason());
    }
    if (outcome instanceof Outcome.TooLarge large) {
      return new Refusal(Status.CONTENT_TOO_LARGE, large.reason());
    }
    if (outcome instanceof Outcome.Unavailable unavailable) {
      return new Refusal(Status.SERVICE_UNAVAILABLE, unavailable.reason());
    }
    if (outcome instanceof Outcome.NotOwned
        || outcome instanceof Outcome.Arriving
        || outcome instanceof Outcome.Later) {
      return MOVING;
    }
    throw new IllegalArgumentException("this outcome is no refusal: " + outcome);
  }

  Reply reply() {
    return Reply.problem(status, detail);
  }
}
