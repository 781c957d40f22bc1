package io.smache.node.http;

import io.smache.protocol.http.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Response.Status;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Refuses paths that a server would truncate: servlets and Jakarta REST remove what follows a
 * semicolon as a parameter, so {@code /api/caches/x;y} would mean the cache {@code x}. In a key, a
 * semicolon is an ordinary character.
 */
final class PathParameters {
  private static final Pattern ENCODED_SESSION = Pattern.compile("%3[Bb]jsessionid(?:=|%3[Dd])");

  private PathParameters() {}

  /** Returns why the path of a request is refused, or null. */
  static @Nullable Problem refused(HttpServletRequest request) {
    if (isCut(request)) {
      return new Problem(
          Status.BAD_REQUEST,
          "this server takes ;jsessionid= out of a path; encode the semicolon as %3B");
    }
    String path = request.getRequestURI();
    int semicolon = path.indexOf(';');
    return semicolon < 0 || EntryAddress.isInKey(path, semicolon)
        ? null
        : new Problem(Status.NOT_FOUND, "there is nothing at this path");
  }

  /**
   * Payara removes a session from a path, unless its semicolon is encoded: then it only reports
   * one.
   */
  private static boolean isCut(HttpServletRequest request) {
    return request.isRequestedSessionIdFromURL()
        && !ENCODED_SESSION.matcher(request.getRequestURI()).find();
  }
}
