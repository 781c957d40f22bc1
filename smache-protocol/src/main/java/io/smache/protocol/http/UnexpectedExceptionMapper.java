package io.smache.protocol.http;

import io.smache.protocol.message.Status;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Answers 500 for what nobody expected, and leaves the cause in the log only. */
@Provider
public class UnexpectedExceptionMapper implements ExceptionMapper<Throwable> {
  private static final Logger LOG = System.getLogger(UnexpectedExceptionMapper.class.getName());

  @Override
  public Response toResponse(Throwable exception) {
    LOG.log(Level.ERROR, "a request failed unexpectedly", exception);
    return Responses.problem(
            Status.INTERNAL_SERVER_ERROR, "internal server error; see the server log")
        .build();
  }
}
