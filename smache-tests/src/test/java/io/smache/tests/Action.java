package io.smache.tests;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request of one client on one key, and what it was answered. Values are told apart by their
 * text, so every put writes another.
 *
 * @param kind what was asked
 * @param value what was put, null for nothing
 * @param expected the value whose tag was the condition of {@link Kind#SWAP}
 * @param seen the value that was answered by a get or an increment, null for none
 * @param result how it ended
 * @param began when it was sent, in ns
 * @param ended when it was answered, in ns; {@link Long#MAX_VALUE} when it may be done at any time
 */
record Action(
    Kind kind,
    @Nullable String value,
    @Nullable String expected,
    @Nullable String seen,
    Result result,
    long began,
    long ended) {
  private static final String UNSEEN = "unseen";

  /** What was asked. */
  enum Kind {
    GET,
    PUT,
    DELETE,
    /** PUT with If-None-Match: *. */
    CREATE,
    /** PUT with the If-Match of the expected value. */
    SWAP,
    INCREMENT
  }

  /** How a request ended. */
  enum Result {
    /** Done. */
    DONE,
    /** The condition was not true. */
    REFUSED,
    /** No answer, or one that says nothing: it may be done, now or later. */
    UNKNOWN
  }

  /** What the key is after this action on a key that is as given; empty when it cannot be so. */
  @Nullable Step on(@Nullable String current) {
    return switch (kind) {
      case GET -> step(Objects.equals(current, seen), current);
      case PUT -> step(true, value);
      case DELETE -> step(isUnknown() || (current == null) == (result == Result.REFUSED), null);
      case CREATE -> conditional(current == null, current);
      case SWAP -> conditional(expected != null && expected.equals(current), current);
      case INCREMENT -> incremented(current);
    };
  }

  boolean isUnknown() {
    return result == Result.UNKNOWN;
  }

  /** Returns the same with a value that stands for all that nobody has ever seen. */
  Action withoutValue() {
    String some = value == null ? null : UNSEEN;
    return new Action(kind, some, expected, seen, result, began, ended);
  }

  /** Returns what was asked, whenever that was. */
  Action withoutTime() {
    return new Action(kind, value, expected, seen, result, 0, 0);
  }

  private @Nullable Step conditional(boolean holds, @Nullable String current) {
    boolean fits = isUnknown() || holds == (result == Result.DONE);
    return step(fits, holds ? value : current);
  }

  private @Nullable Step incremented(@Nullable String current) {
    String next = Long.toString((current == null ? 0 : Long.parseLong(current)) + 1);
    return step(isUnknown() || next.equals(seen), next);
  }

  private static @Nullable Step step(boolean fits, @Nullable String next) {
    return fits ? new Step(next) : null;
  }

  /** The value of a key after an action, null for none. */
  record Step(@Nullable String value) {}
}
