package io.smache.node.rest;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;

/** The cluster as this node sees it. */
@Path("api/cluster")
@ApplicationScoped
@Consumes(MediaType.WILDCARD)
public class ClusterResource {
  @Inject Door door;

  /** Returns all members. */
  @GET
  public CompletionStage<Response> get(@Context HttpServletRequest request) {
    return door.answer(request);
  }

  /** Returns who owns which partition. */
  @GET
  @Path("partitions")
  public CompletionStage<Response> partitions(@Context HttpServletRequest request) {
    return door.answer(request);
  }

  /** Returns whether nothing moves. */
  @GET
  @Path("safe")
  public CompletionStage<Response> safe(@Context HttpServletRequest request) {
    return door.answer(request);
  }

  /** Lets a member go. */
  @POST
  @Path("members/{name}/drain")
  public CompletionStage<Response> drain(@Context HttpServletRequest request) {
    return door.answer(request);
  }
}
