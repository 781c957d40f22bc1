package io.smache.node.http;

import io.smache.node.store.KeyException;
import io.smache.protocol.http.ProblemException;
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
import jakarta.ws.rs.core.Response.Status;
import java.io.IOException;
import java.util.concurrent.CompletionStage;

/**
 * The entries of a cache: bytes with a media type under a key. The key stands in the path, or in
 * the parameter {@code key} of the path without it; there the same methods without a key are about
 * all entries.
 */
@Path("api/caches/{cache}/entries")
@ApplicationScoped
@Consumes(MediaType.WILDCARD)
public class EntriesResource {
  @Inject EntryRequests entries;
  @Inject Invalidations invalidations;
  @Inject Listing listing;

  /** Returns the value of the entry. */
  @GET
  @Path("{key: .+}")
  public CompletionStage<Response> get(
      @PathParam("cache") String name, @Context HttpServletRequest request) throws KeyException {
    Query query = Query.of(request).allowing("lease", "wait");
    return response(entries.get(name, EntryAddress.ofPath(request), query, request));
  }

  /** Returns the value of the entry that the parameter names; without it, a page of all entries. */
  @GET
  public CompletionStage<Response> getOrList(
      @PathParam("cache") String name, @Context HttpServletRequest request) throws KeyException {
    Query query = collection(request);
    if (!query.has(EntryAddress.KEY)) {
      return Exit.await(request, listing.page(EntryAddress.cache(name), query));
    }
    query.allowing(EntryAddress.KEY, "lease", "wait");
    return response(entries.get(name, EntryAddress.ofQuery(query), query, request));
  }

  /** Returns what GET returns, without the value; nobody is told to compute anything. */
  @HEAD
  @Path("{key: .+}")
  public CompletionStage<Response> head(
      @PathParam("cache") String name, @Context HttpServletRequest request) throws KeyException {
    Query.of(request).allowing();
    return response(entries.head(name, EntryAddress.ofPath(request), request));
  }

  /** Returns what GET returns, without its body. */
  @HEAD
  public CompletionStage<Response> headOrList(
      @PathParam("cache") String name, @Context HttpServletRequest request) throws KeyException {
    Query query = collection(request);
    if (!query.has(EntryAddress.KEY)) {
      return Exit.await(request, listing.page(EntryAddress.cache(name), query));
    }
    query.allowing(EntryAddress.KEY);
    return response(entries.head(name, EntryAddress.ofQuery(query), request));
  }

  /** Stores the body with its media type. */
  @PUT
  @Path("{key: .+}")
  public CompletionStage<Response> put(
      @PathParam("cache") String name, @Context HttpServletRequest request)
      throws KeyException, IOException {
    Query query = Query.of(request).allowing("ttl", "idle", "stale");
    return response(entries.put(name, EntryAddress.ofPath(request), query, request));
  }

  /** Stores the body with its media type. */
  @PUT
  public CompletionStage<Response> putByQuery(
      @PathParam("cache") String name, @Context HttpServletRequest request)
      throws KeyException, IOException {
    Query query = collection(request).allowing(EntryAddress.KEY, "ttl", "idle", "stale");
    return response(entries.put(name, EntryAddress.ofQuery(query), query, request));
  }

  /** Removes the entry. */
  @DELETE
  @Path("{key: .+}")
  public CompletionStage<Response> delete(
      @PathParam("cache") String name, @Context HttpServletRequest request) throws KeyException {
    Query.of(request).allowing();
    return response(entries.delete(name, EntryAddress.ofPath(request), request));
  }

  /**
   * Removes the entry that the parameter {@code key} names; without it, those of groups or of a
   * prefix, or all, as the others say.
   */
  @DELETE
  public CompletionStage<Response> deleteOrInvalidate(
      @PathParam("cache") String name, @Context HttpServletRequest request) throws KeyException {
    Query query = collection(request);
    if (!query.has(EntryAddress.KEY)) {
      return Exit.await(
          request, invalidations.invalidate(EntryAddress.cache(name), query, request));
    }
    query.allowing(EntryAddress.KEY);
    return response(entries.delete(name, EntryAddress.ofQuery(query), request));
  }

  /** Merges the body into a JSON value; with an empty body changes lifetime and groups only. */
  @PATCH
  @Path("{key: .+}")
  public CompletionStage<Response> patch(
      @PathParam("cache") String name, @Context HttpServletRequest request)
      throws KeyException, IOException {
    Query query = Query.of(request).allowing("ttl", "idle", "stale");
    return response(entries.patch(name, EntryAddress.ofPath(request), query, request));
  }

  /** Merges the body into a JSON value; with an empty body changes lifetime and groups only. */
  @PATCH
  public CompletionStage<Response> patchByQuery(
      @PathParam("cache") String name, @Context HttpServletRequest request)
      throws KeyException, IOException {
    Query query = collection(request).allowing(EntryAddress.KEY, "ttl", "idle", "stale");
    return response(entries.patch(name, EntryAddress.ofQuery(query), query, request));
  }

  /** Adds to the integer of an entry. */
  @POST
  @Path("{key: .+}")
  public CompletionStage<Response> increment(
      @PathParam("cache") String name, @Context HttpServletRequest request) throws KeyException {
    Query query = Query.of(request).allowing("by", "initial", "ttl", "idle", "stale");
    return response(entries.increment(name, EntryAddress.ofIncrementPath(request), query, request));
  }

  /** Adds to the integer of the entry that the parameter names. */
  @POST
  public CompletionStage<Response> incrementByQuery(
      @PathParam("cache") String name, @Context HttpServletRequest request) throws KeyException {
    Query query =
        collection(request).allowing(EntryAddress.KEY, "by", "initial", "ttl", "idle", "stale");
    return response(entries.increment(name, EntryAddress.ofQuery(query), query, request));
  }

  /** Names the methods. */
  @OPTIONS
  public Response options(@Context HttpServletRequest request) {
    return Response.noContent().allow(EntryAddress.methods(request)).build();
  }

  /** Names the methods. */
  @OPTIONS
  @Path("{key: .+}")
  public Response optionsOfEntry(@Context HttpServletRequest request) {
    return options(request);
  }

  /** A client that builds a path from an empty key must not meet what is about all entries. */
  private static Query collection(HttpServletRequest request) {
    if (!EntryAddress.isWithoutKey(request)) {
      throw new ProblemException(Status.BAD_REQUEST, "key is empty, or not percent-encoded");
    }
    return Query.of(request);
  }

  private static CompletionStage<Response> response(CompletionStage<Reply> reply) {
    return reply.thenApply(Reply::response);
  }
}
