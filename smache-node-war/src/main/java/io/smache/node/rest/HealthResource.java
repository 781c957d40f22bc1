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

/** Liveness and readiness of this node. */
@Path("/")
@ApplicationScoped
@Consumes(MediaType.WILDCARD)
public class HealthResource {
  @Inject Door door;

  /** Answers while the application does. */
  @GET
  public CompletionStage<Response> root(@Context HttpServletRequest request) {
    return door.answer(request);
  }

  /** Answers while the application does. */
  @GET
  @Path("healthcheck")
  public CompletionStage<Response> alive(@Context HttpServletRequest request) {
    return door.answer(request);
  }

  /** Answers 200 while this node is an active member. */
  @GET
  @Path("healthcheck/ready")
  public CompletionStage<Response> ready(@Context HttpServletRequest request) {
    return door.answer(request);
  }

  /** Answers 200 once this node has been a member. */
  @GET
  @Path("healthcheck/started")
  public CompletionStage<Response> started(@Context HttpServletRequest request) {
    return door.answer(request);
  }
}
