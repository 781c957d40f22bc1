package io.smache.node.http;

import io.smache.node.store.KeyException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.concurrent.CompletionStage;

/** The simple API: any JSON under a key, read and written at one path. */
@Path("api")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class SimpleResource {
  @Inject SimpleRequests requests;

  /** Returns {@code {"key":K,"node":N,"data":D}}, D being null for a key never written. */
  @GET
  public CompletionStage<Response> get(@Context HttpServletRequest request) throws KeyException {
    return requests.get(request).thenApply(Reply::response);
  }

  /** Stores D of {@code {"key":K,"data":D}} and returns {@code {"data":D}}. */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public CompletionStage<Response> post(@Context HttpServletRequest request)
      throws IOException, KeyException {
    return requests.post(request).thenApply(Reply::response);
  }
}
