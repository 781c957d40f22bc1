package io.smache.node.rest;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;

/** The caches of the cluster and their configurations. */
@Path("api/caches")
@ApplicationScoped
@Consumes(MediaType.WILDCARD)
public class CachesResource {
  @Inject Door door;

  /** Returns all caches. */
  @GET
  public CompletionStage<Response> list(@Context HttpServletRequest request) {
    return door.answer(request);
  }

  /** Returns the configuration of a cache. */
  @GET
  @Path("{cache}")
  public CompletionStage<Response> get(@Context HttpServletRequest request) {
    return door.answer(request);
  }

  /** Configures a cache. */
  @PUT
  @Path("{cache}")
  public CompletionStage<Response> configure(@Context HttpServletRequest request) {
    return door.answer(request);
  }

  /** Drops a cache. */
  @DELETE
  @Path("{cache}")
  public CompletionStage<Response> drop(@Context HttpServletRequest request) {
    return door.answer(request);
  }
}
