package io.smache.node.rest;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;

/** Many operations on the entries of a cache in one request. */
@Path("api/caches/{cache}/batch")
@ApplicationScoped
@Consumes(MediaType.WILDCARD)
public class BatchResource {
  @Inject Door door;

  /** Executes the operations. */
  @POST
  public CompletionStage<Response> post(@Context HttpServletRequest request) {
    return door.answer(request);
  }
}
