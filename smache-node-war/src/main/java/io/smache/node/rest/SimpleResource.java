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

/** The simple API: any JSON under a key, read and written at one path. */
@Path("api")
@ApplicationScoped
@Consumes(MediaType.WILDCARD)
public class SimpleResource {
  @Inject Door door;

  /** Returns the value of a key. */
  @GET
  public CompletionStage<Response> get(@Context HttpServletRequest request) {
    return door.answer(request);
  }

  /** Stores a value under a key. */
  @POST
  public CompletionStage<Response> post(@Context HttpServletRequest request) {
    return door.answer(request);
  }
}
