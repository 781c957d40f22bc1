package io.smache.protocol.http;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.StatusType;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

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
    return Problem.onto(Response.fromResponse(response), status, detail(status)).build();
  }

  private static String detail(StatusType status) {
    return switch (status.getStatusCode()) {
      case 404 -> "there is nothing at this path";
      case 405 -> "this path does not know this method; Allow names those it knows";
      case 406 -> "this path answers application/json; Accept must allow it";
      case 415 -> "the body must be sent with Content-Type: application/json";
      default -> status.getReasonPhrase();
    };
  }
}
