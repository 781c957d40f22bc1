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

/** The console: pages for operators. */
@Path("console{file: (/.*)?}")
@ApplicationScoped
@Consumes(MediaType.WILDCARD)
public class ConsoleResource {
  @Inject Door door;

  /** Returns a file of it. */
  @GET
  public CompletionStage<Response> get(@Context HttpServletRequest request) {
    return door.answer(request);
  }
}
