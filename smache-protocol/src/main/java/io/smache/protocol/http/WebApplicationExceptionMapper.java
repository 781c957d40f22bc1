package io.smache.protocol.http;

import io.smache.protocol.message.Problem;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import jakarta.ws.rs.core.Response.StatusType;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.util.Set;
import java.util.TreeSet;

/** Turns what Jakarta REST refuses (404, 405, 406, 415 and others) into problem details. */
@Provider
public class WebApplicationExceptionMapper implements ExceptionMapper<WebApplicationException> {
  @Override
  public Response toResponse(WebApplicationException exception) {
    Response response = exception.getResponse();
    StatusType status = response.getStatusInfo();
    if (status.getStatusCode() < 400 || response.hasEntity()) {
      return response;
    }
    ResponseBuilder refused = Response.fromResponse(response);
    if (exception instanceof NotAllowedException) {
      refused.allow(allowed(response));
    }
    return Responses.problem(
            refused, new Problem(status.getReasonPhrase(), status.getStatusCode(), detail(status)))
        .build();
  }

  /** Whoever answers GET answers HEAD as well (RFC 9110, section 9.3.2). */
  private static Set<String> allowed(Response response) {
    Set<String> methods = new TreeSet<>(response.getAllowedMethods());
    if (methods.contains(HttpMethod.GET)) {
      methods.add(HttpMethod.HEAD);
    }
    return methods;
  }

  private static String detail(StatusType status) {
    return switch (status.getStatusCode()) {
      case 404 -> "there is nothing at this path";
      case 405 -> "method not allowed; see the Allow header";
      case 406 -> "this path answers application/json; Accept must allow it";
      case 415 -> "the body must be sent with Content-Type: application/json";
      default -> status.getReasonPhrase();
    };
  }
}
