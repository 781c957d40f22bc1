package io.smache.protocol.http;

import io.smache.protocol.message.Json;
import io.smache.protocol.message.Problem;
import io.smache.protocol.message.Status;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import java.io.IOException;

/** Problem details as responses of Jakarta REST and of servlets. */
public final class Responses {
  private Responses() {}

  /** Returns a response with a problem, to which headers may be added. */
  public static ResponseBuilder problem(Status status, String detail) {
    return problem(Response.status(status.code()), new Problem(status, detail));
  }

  /** Puts a problem into a response that may carry headers already. */
  static ResponseBuilder problem(ResponseBuilder response, Problem problem) {
    return response.type(Problem.MEDIA_TYPE).entity(problem);
  }

  /** Answers a request with a problem; the response may carry headers already. */
  public static void write(Problem problem, HttpServletResponse response) throws IOException {
    byte[] body = Json.bytes(problem);
    response.setStatus(problem.status());
    response.setContentType(Problem.MEDIA_TYPE);
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
