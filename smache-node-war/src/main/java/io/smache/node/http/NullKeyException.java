package io.smache.node.http;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;

/** A request to the simple API has no key: 403, in the seed's own form. */
final class NullKeyException extends WebApplicationException {
  private static final long serialVersionUID = 1L;

  NullKeyException() {
    super(
        Response.status(Status.FORBIDDEN)
            .type(MediaType.APPLICATION_JSON)
            .entity("{\"message\":\"key cannot be null\"}")
            .build());
  }
}
