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

/** What this node counts and measures, where the server has nothing of its own at this path. */
@Path("metrics")
@ApplicationScoped
@Consumes(MediaType.WILDCARD)
public class RootMetricsResource {
  @Inject Door door;

  /** Returns all metrics. */
  @GET
  public CompletionStage<Response> get(@Context HttpServletRequest request) {
    return door.answer(request);
  }
}
