package io.smache.uplink;

import io.smache.protocol.http.Responses;
import io.smache.protocol.message.Status;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** Answers 409 with the reason why something cannot be. */
@Provider
public class RefusedExceptionMapper implements ExceptionMapper<RefusedException> {
  @Override
  public Response toResponse(RefusedException exception) {
    return Responses.problem(Status.CONFLICT, String.valueOf(exception.getMessage())).build();
  }
}
