package io.smache.uplink;

import io.smache.protocol.http.Problem;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** Answers 409 when the name of a member belongs to another living process. */
@Provider
public class NameTakenExceptionMapper implements ExceptionMapper<NameTakenException> {
  @Override
  public Response toResponse(NameTakenException exception) {
    return Problem.response(Status.CONFLICT, String.valueOf(exception.getMessage())).build();
  }
}
