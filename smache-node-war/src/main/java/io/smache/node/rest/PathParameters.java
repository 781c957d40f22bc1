package io.smache.node.rest;

import io.smache.protocol.message.Problem;
import io.smache.protocol.message.Status;
import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Refuses paths that a server has cut: Payara removes {@code ;jsessionid=} and what follows it, so
 * that another key would be meant. In a key, a semicolon is an ordinary character.
 */
final class PathParameters {
  private static final Pattern ENCODED_SESSION = Pattern.compile("%3[Bb]jsessionid(?:=|%3[Dd])");

  private PathParameters() {}

  /** Returns why the path of a request is refused, or null. */
  static @Nullable Problem refused(HttpServletRequest request) {
    return isCut(request)
        ? new Problem(
            Status.BAD_REQUEST,
            "this server takes ;jsessionid= out of a path; encode the semicolon as %3B")
        : null;
  }

  /** A session whose semicolon is encoded is only reported, and not removed. */
  private static boolean isCut(HttpServletRequest request) {
    return request.isRequestedSessionIdFromURL()
        && !ENCODED_SESSION.matcher(request.getRequestURI()).find();
  }
}
