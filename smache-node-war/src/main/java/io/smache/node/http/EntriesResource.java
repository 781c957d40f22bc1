package io.smache.node.http;

import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
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
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.concurrent.CompletionStage;

/**
 * The entries of a cache: bytes with a media type under a key. The key is all of the path after
 * {@code /entries/}, or the parameter {@code key} of the path without it; there the same methods
 * without a key are about all entries.
 */
@Path("api/caches/{cache}/entries{key: (/.*)?}")
@ApplicationScoped
@Consumes(MediaType.WILDCARD)
public class EntriesResource {
  @Inject EntryRequests entries;
  @Inject Invalidations invalidations;
  @Inject Listing listing;

  /** Returns the value of an entry; without a key, a page of all entries. */
  @GET
  public CompletionStage<Response> get(
      @PathParam("cache") String name, @Context HttpServletRequest request) throws KeyException {
    Query query = Query.of(request);
    if (!EntryAddress.hasKey(request, query)) {
      return CompletionGate.await(request, listing.page(EntryAddress.cache(name), query));
    }
    Key key = EntryAddress.key(request, query, "lease", "wait");
    return response(entries.get(name, key, query, request));
  }

  /** Returns what GET returns, without the body; without a claim. */
  @HEAD
  public CompletionStage<Response> head(
      @PathParam("cache") String name, @Context HttpServletRequest request) throws KeyException {
    Query query = Query.of(request);
    if (!EntryAddress.hasKey(request, query)) {
      return CompletionGate.await(request, listing.page(EntryAddress.cache(name), query));
    }
    return response(entries.head(name, EntryAddress.key(request, query), request));
  }

  /** Stores the body with its media type. */
  @PUT
  public CompletionStage<Response> put(
      @PathParam("cache") String name, @Context HttpServletRequest request)
      throws KeyException, IOException {
    Query query = Query.of(request);
    Key key = EntryAddress.key(request, query, "ttl", "idle", "stale");
    return response(entries.put(name, key, query, request));
  }

  /** Removes an entry; without a key, those of groups or of a prefix, or all. */
  @DELETE
  public CompletionStage<Response> delete(
      @PathParam("cache") String name, @Context HttpServletRequest request) throws KeyException {
    Query query = Query.of(request);
    if (!EntryAddress.hasKey(request, query)) {
      return CompletionGate.await(
          request, invalidations.invalidate(EntryAddress.cache(name), query, request));
    }
    return response(entries.delete(name, EntryAddress.key(request, query), request));
  }

  /** Merges the body into a JSON value; with an empty body changes lifetime and groups only. */
  @PATCH
  public CompletionStage<Response> patch(
      @PathParam("cache") String name, @Context HttpServletRequest request)
      throws KeyException, IOException {
    Query query = Query.of(request);
    Key key = EntryAddress.key(request, query, "ttl", "idle", "stale");
    return response(entries.patch(name, key, query, request));
  }

  /** Adds to the integer of an entry. */
  @POST
  public CompletionStage<Response> increment(
      @PathParam("cache") String name, @Context HttpServletRequest request) throws KeyException {
    Query query = Query.of(request);
    Key key = EntryAddress.keyToIncrement(request, query, "by", "initial", "ttl", "idle", "stale");
    return response(entries.increment(name, key, query, request));
  }

  /** Names the methods. */
  @OPTIONS
  public Response options(@Context HttpServletRequest request) {
    return Response.noContent().allow(EntryAddress.methods(request)).build();
  }

  private static CompletionStage<Response> response(CompletionStage<Reply> reply) {
    return reply.thenApply(Reply::response);
  }
}
