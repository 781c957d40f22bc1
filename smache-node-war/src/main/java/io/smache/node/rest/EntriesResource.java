package io.smache.node.rest;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.OPTIONS;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;

/** The entries of a cache: one by its key, or all that a query names. */
@Path("api/caches/{cache}/entries{key: (/.*)?}")
@ApplicationScoped
@Consumes(MediaType.WILDCARD)
public class EntriesResource {
  @Inject Door door;

  /** Returns an entry, or a page of entries. */
  @GET
  public CompletionStage<Response> get(@Context HttpServletRequest request) {
    return door.answer(request);
  }

  /** Returns what GET returns, without the body. */
  @HEAD
  public CompletionStage<Response> head(@Context HttpServletRequest request) {
    return door.answer(request);
  }

  /** Stores an entry. */
  @PUT
  public CompletionStage<Response> put(@Context HttpServletRequest request) {
    return door.answer(request);
  }

  /** Removes an entry, or invalidates many. */
  @DELETE
  public CompletionStage<Response> delete(@Context HttpServletRequest request) {
    return door.answer(request);
  }

  /** Changes an entry. */
  @PATCH
  public CompletionStage<Response> patch(@Context HttpServletRequest request) {
    return door.answer(request);
  }

  /** Adds to the integer of an entry. */
  @POST
  public CompletionStage<Response> increment(@Context HttpServletRequest request) {
    return door.answer(request);
  }

  /** Names the methods. */
  @OPTIONS
  public CompletionStage<Response> options(@Context HttpServletRequest request) {
    return door.answer(request);
  }
}
