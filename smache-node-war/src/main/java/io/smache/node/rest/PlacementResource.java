package io.smache.node.rest;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;

/** Where a key belongs. */
@Path("api/placement")
@ApplicationScoped
@Consumes(MediaType.WILDCARD)
public class PlacementResource {
  @Inject Door door;

  /** Returns the placement of a key. */
  @GET
  public CompletionStage<Response> get(@Context HttpServletRequest request) {
    return door.answer(request);
  }
}
