package io.smache.node.http;

import io.smache.protocol.http.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.Response.Status;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * Refuses paths that a server would cut: what stands behind a semicolon is a parameter to servlets
 * and to Jakarta REST, which leave it out, so that {@code /api/caches/x;y} would drop the cache
 * {@code x}. In a key a semicolon is a character as any other. {@code WEB-INF/web.xml} says where
 * it stands.
 */
public final class PathParameterFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;
  private static final Pattern ENCODED_SESSION = Pattern.compile("%3[Bb]jsessionid=");

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (isCut(request)) {
      new Problem(
              Status.BAD_REQUEST,
              "this server takes ;jsessionid= out of a path; encode the semicolon as %3B")
          .writeTo(response);
    } else if (hasParameter(request)) {
      new Problem(Status.NOT_FOUND, "there is nothing at this path").writeTo(response);
    } else {
      chain.doFilter(request, response);
    }
  }

  /**
   * Payara takes a session out of a path, unless its semicolon is encoded: then it only says so.
   */
  private static boolean isCut(HttpServletRequest request) {
    return request.isRequestedSessionIdFromURL()
        && !ENCODED_SESSION.matcher(request.getRequestURI()).find();
  }

  private static boolean hasParameter(HttpServletRequest request) {
    String path = request.getRequestURI();
    int semicolon = path.indexOf(';');
    return semicolon >= 0 && !EntryAddress.isInKey(path, semicolon);
  }
}
