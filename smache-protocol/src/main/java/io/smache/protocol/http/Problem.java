package io.smache.protocol.http;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import jakarta.ws.rs.core.Response.StatusType;
import java.io.IOException;

/**
 * Problem details (RFC 9457, section 3.1); {@code type} is left out and so means {@code
 * about:blank}.
 *
 * @param title the status in words
 * @param status the HTTP status
 * @param detail what was wrong and what is allowed
 */
public record Problem(String title, int status, String detail) {
  /** Media type of problem details. */
  public static final String MEDIA_TYPE = "application/problem+json";

  /** Makes the problem of a status. */
  public Problem(StatusType status, String detail) {
    this(status.getReasonPhrase(), status.getStatusCode(), detail);
  }

  /** Answers a request with this problem; the response may carry headers already. */
  public void writeTo(HttpServletResponse response) throws IOException {
    byte[] body = JsonProvider.MAPPER.writeValueAsBytes(this);
    response.setStatus(status);
    response.setContentType(MEDIA_TYPE);
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  /** Returns a response with this status and detail, to which headers may be added. */
  public static ResponseBuilder response(StatusType status, String detail) {
    return onto(Response.status(status), status, detail);
  }

  /** Puts the problem into a response that may carry headers already. */
  static ResponseBuilder onto(ResponseBuilder response, StatusType status, String detail) {
    return response.type(MEDIA_TYPE).entity(new Problem(status, detail));
  }
}
