package io.smache.uplink;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.smache.protocol.http.Responses;
import io.smache.protocol.message.Status;
import jakarta.annotation.Priority;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** Answers 400 to a body that is not the JSON which the path takes. */
@Provider
@Priority(1)
public class JsonProcessingExceptionMapper implements ExceptionMapper<JsonProcessingException> {
  @Override
  public Response toResponse(JsonProcessingException exception) {
    return Responses.problem(
            Status.BAD_REQUEST, "the body is wrong: " + exception.getOriginalMessage())
        .build();
  }
}
