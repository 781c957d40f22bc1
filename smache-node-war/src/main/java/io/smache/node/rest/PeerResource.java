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

/** The inside of the cluster: requests of other nodes and of uplink. */
@Path("internal")
@ApplicationScoped
@Consumes(MediaType.WILDCARD)
public class PeerResource {
  @Inject Door door;

  /** Returns the identity of this process. */
  @GET
  @Path("member")
  public CompletionStage<Response> member(@Context HttpServletRequest request) {
    return door.answer(request);
  }

  /** Executes operations. */
  @POST
  @Path("operations")
  public CompletionStage<Response> operations(@Context HttpServletRequest request) {
    return door.answer(request);
  }

  /** Executes a command. */
  @POST
  @Path("commands")
  public CompletionStage<Response> command(@Context HttpServletRequest request) {
    return door.answer(request);
  }

  /** Returns the table in force. */
  @GET
  @Path("table")
  public CompletionStage<Response> table(@Context HttpServletRequest request) {
    return door.answer(request);
  }

  /** Accepts a newer table. */
  @POST
  @Path("table")
  public CompletionStage<Response> follow(@Context HttpServletRequest request) {
    return door.answer(request);
  }
}
