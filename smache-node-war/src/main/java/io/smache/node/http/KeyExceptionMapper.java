package io.smache.node.http;

import io.smache.node.store.KeyException;
import io.smache.protocol.http.Problem;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** Answers 400 to an invalid key. */
@Provider
public class KeyExceptionMapper implements ExceptionMapper<KeyException> {
  @Override
  public Response toResponse(KeyException exception) {
    return Problem.response(Status.BAD_REQUEST, String.valueOf(exception.getMessage())).build();
  }
}
