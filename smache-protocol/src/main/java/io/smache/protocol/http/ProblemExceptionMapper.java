package io.smache.protocol.http;

import io.smache.protocol.message.ProblemException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** Answers with the problem of a refused request. */
@Provider
public class ProblemExceptionMapper implements ExceptionMapper<ProblemException> {
  @Override
  public Response toResponse(ProblemException exception) {
    ResponseBuilder response =
        Responses.problem(exception.status(), String.valueOf(exception.getMessage()));
    if (!exception.allow().isEmpty()) {
      response.header(HttpHeaders.ALLOW, exception.allow());
    }
    return response.build();
  }
}
