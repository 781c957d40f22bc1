package io.smache.protocol.http;

import io.smache.protocol.message.HttpDate;
import io.smache.protocol.message.Problem;
import io.smache.protocol.message.Status;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Takes the place of the server's own error pages: what is refused before Jakarta REST sees it is
 * answered with problem details as well. {@code WEB-INF/web.xml} says so.
 */
public final class ProblemServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Status status = status(request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE));
    response.setHeader(HttpHeaders.DATE, HttpDate.now());
    Responses.write(new Problem(status, detail(status)), response);
  }

  /** Answers 404 to direct requests. */
  private static Status status(@Nullable Object code) {
    Status known = code instanceof Integer number ? Status.of(number) : null;
    return known == null ? Status.NOT_FOUND : known;
  }

  private static String detail(Status status) {
    return switch (status) {
      case BAD_REQUEST -> "the request line or a header is malformed";
      case NOT_FOUND -> "there is nothing at this path";
      default -> status.phrase();
    };
  }
}
