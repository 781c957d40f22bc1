package io.smache.node.http;

import io.smache.node.cache.Answer;
import io.smache.node.cache.Cache;
import io.smache.node.shard.ValueLimit;
import io.smache.node.store.Delete;
import io.smache.node.store.Get;
import io.smache.node.store.Increment;
import io.smache.node.store.JsonValue;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.node.store.Lifetime;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import io.smache.node.store.Patch;
import io.smache.node.store.Put;
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
import java.util.List;
import java.util.Locale;
import java.util.Set;
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
  private static final String MERGE_PATCH = "application/merge-patch+json";
  static final Set<String> METHODS =
      Set.of("GET", "HEAD", "PUT", "DELETE", "PATCH", "POST", "OPTIONS");

  @Inject Cache cache;
  @Inject Invalidations invalidations;
  @Inject Listing listing;
  @Inject @ValueLimit int valueLimit;

  /** Returns the value of the entry. */
  @GET
  @Path("{key: .+}")
  public CompletionStage<Response> get(
      @PathParam("cache") String name, @Context HttpServletRequest request) throws KeyException {
    Query query = Query.of(request).allowing("lease", "wait");
    return get(name, EntryAddress.ofPath(request), query, request);
  }

  /** Returns the value of the entry that the parameter names; without it, a page of all entries. */
  @GET
  public CompletionStage<Response> getOrList(
      @PathParam("cache") String name, @Context HttpServletRequest request) throws KeyException {
    Query query = collection(request);
    if (!query.has(EntryAddress.KEY)) {
      return Departure.await(request, listing.page(EntryAddress.cache(name), query));
    }
    query.allowing(EntryAddress.KEY, "lease", "wait");
    return get(name, EntryAddress.ofQuery(query), query, request);
  }

  private CompletionStage<Response> get(
      String name, Key key, Query query, HttpServletRequest request) {
    Reading reading = Reading.of(request, false);
    Get get =
        new Get(
            EntryAddress.cache(name),
            key,
            Fields.preconditions(request, reading.gzip()),
            true,
            query.millis("lease", Parameters.MAX_LEASE).orElse(0L),
            query.millis("wait", Parameters.MAX_WAIT).orElse(0L));
    return perform(get, reading, request);
  }

  /** Returns what GET returns, without the value; nobody is told to compute anything. */
  @HEAD
  @Path("{key: .+}")
  public CompletionStage<Response> head(
      @PathParam("cache") String name, @Context HttpServletRequest request) throws KeyException {
    Query.of(request).allowing();
    return head(name, EntryAddress.ofPath(request), request);
  }

  /** Returns what GET returns, without its body. */
  @HEAD
  public CompletionStage<Response> headOrList(
      @PathParam("cache") String name, @Context HttpServletRequest request) throws KeyException {
    Query query = collection(request);
    if (!query.has(EntryAddress.KEY)) {
      return Departure.await(request, listing.page(EntryAddress.cache(name), query));
    }
    query.allowing(EntryAddress.KEY);
    return head(name, EntryAddress.ofQuery(query), request);
  }

  private CompletionStage<Response> head(String name, Key key, HttpServletRequest request) {
    Reading reading = Reading.of(request, true);
    Get get =
        new Get(
            EntryAddress.cache(name),
            key,
            Fields.preconditions(request, reading.gzip()),
            false,
            0,
            0);
    return perform(get, reading, request);
  }

  /** Stores the body with its media type. */
  @PUT
  @Path("{key: .+}")
  public CompletionStage<Response> put(
      @PathParam("cache") String name, @Context HttpServletRequest request)
      throws KeyException, IOException {
    Query query = Query.of(request).allowing("ttl", "idle", "stale");
    return put(name, EntryAddress.ofPath(request), query, request);
  }

  /** Stores the body with its media type. */
  @PUT
  public CompletionStage<Response> putByQuery(
      @PathParam("cache") String name, @Context HttpServletRequest request)
      throws KeyException, IOException {
    Query query = collection(request).allowing(EntryAddress.KEY, "ttl", "idle", "stale");
    return put(name, EntryAddress.ofQuery(query), query, request);
  }

  private CompletionStage<Response> put(
      String name, Key key, Query query, HttpServletRequest request) throws IOException {
    Lifetime lifetime = Parameters.lifetime(query);
    List<String> groups = Groups.of(request, Groups.CACHE_GROUPS).orElse(List.of());
    List<String> invalidates = Groups.of(request, Groups.INVALIDATION).orElse(List.of());
    if (request.getHeader("Content-Range") != null) {
      throw new ProblemException(
          Status.BAD_REQUEST, "Content-Range is not known here: a PUT has the whole value");
    }
    Content content = Content.read(request, valueLimit);
    return change(
        new Put(
            EntryAddress.cache(name),
            key,
            content.bytes(),
            content.format(),
            groups,
            lifetime,
            Fields.preconditions(request),
            invalidates),
        request);
  }

  /** Removes the entry. */
  @DELETE
  @Path("{key: .+}")
  public CompletionStage<Response> delete(
      @PathParam("cache") String name, @Context HttpServletRequest request) throws KeyException {
    Query.of(request).allowing();
    return delete(name, EntryAddress.ofPath(request), request);
  }

  /**
   * Removes the entry that the parameter names; without it, all, or those of groups or a prefix.
   */
  @DELETE
  public CompletionStage<Response> deleteOrInvalidate(
      @PathParam("cache") String name, @Context HttpServletRequest request) throws KeyException {
    Query query = collection(request);
    if (!query.has(EntryAddress.KEY)) {
      return Departure.await(
          request, invalidations.invalidate(EntryAddress.cache(name), query, request));
    }
    query.allowing(EntryAddress.KEY);
    return delete(name, EntryAddress.ofQuery(query), request);
  }

  private CompletionStage<Response> delete(String name, Key key, HttpServletRequest request) {
    List<String> invalidates = Groups.of(request, Groups.INVALIDATION).orElse(List.of());
    return change(
        new Delete(EntryAddress.cache(name), key, Fields.preconditions(request), invalidates),
        request);
  }

  /** Merges the body into a JSON value; with an empty body changes lifetime and groups only. */
  @PATCH
  @Path("{key: .+}")
  public CompletionStage<Response> patch(
      @PathParam("cache") String name, @Context HttpServletRequest request)
      throws KeyException, IOException {
    Query query = Query.of(request).allowing("ttl", "idle", "stale");
    return patch(name, EntryAddress.ofPath(request), query, request);
  }

  /** Merges the body into a JSON value; with an empty body changes lifetime and groups only. */
  @PATCH
  public CompletionStage<Response> patchByQuery(
      @PathParam("cache") String name, @Context HttpServletRequest request)
      throws KeyException, IOException {
    Query query = collection(request).allowing(EntryAddress.KEY, "ttl", "idle", "stale");
    return patch(name, EntryAddress.ofQuery(query), query, request);
  }

  private CompletionStage<Response> patch(
      String name, Key key, Query query, HttpServletRequest request) throws IOException {
    Lifetime lifetime = Parameters.lifetime(query);
    Content content = Content.read(request, valueLimit);
    byte[] merge = content.bytes().length == 0 ? null : mergePatch(content);
    return change(
        new Patch(
            EntryAddress.cache(name),
            key,
            merge,
            Groups.of(request, Groups.CACHE_GROUPS).orElse(null),
            lifetime,
            Fields.preconditions(request),
            Groups.of(request, Groups.INVALIDATION).orElse(List.of())),
        request);
  }

  private byte[] mergePatch(Content content) {
    String type = content.type().orElse("");
    if (!type.toLowerCase(Locale.ROOT).split(";", 2)[0].strip().equals(MERGE_PATCH)) {
      throw new ProblemException(
          Status.UNSUPPORTED_MEDIA_TYPE,
          "Content-Type is '%s' but a patch must be %s".formatted(type, MERGE_PATCH));
    }
    byte[] merge = content.plain(valueLimit);
    if (!JsonValue.isWellFormed(merge)) {
      throw new ProblemException(Status.BAD_REQUEST, "the body is not valid JSON in UTF-8");
    }
    return merge;
  }

  /** Adds to the integer of an entry. */
  @POST
  @Path("{key: .+}")
  public CompletionStage<Response> increment(
      @PathParam("cache") String name, @Context HttpServletRequest request) throws KeyException {
    Query query = Query.of(request).allowing("by", "initial", "ttl", "idle", "stale");
    return increment(name, EntryAddress.ofIncrementPath(request), query, request);
  }

  /** Adds to the integer of the entry that the parameter names. */
  @POST
  public CompletionStage<Response> incrementByQuery(
      @PathParam("cache") String name, @Context HttpServletRequest request) throws KeyException {
    Query query =
        collection(request).allowing(EntryAddress.KEY, "by", "initial", "ttl", "idle", "stale");
    return increment(name, EntryAddress.ofQuery(query), query, request);
  }

  private CompletionStage<Response> increment(
      String name, Key key, Query query, HttpServletRequest request) {
    Increment increment =
        new Increment(
            EntryAddress.cache(name),
            key,
            Parameters.integer(query, "by", 1),
            Parameters.integer(query, "initial", 0),
            Parameters.lifetime(query),
            Fields.preconditions(request),
            Groups.of(request, Groups.INVALIDATION).orElse(List.of()));
    return change(increment, request);
  }

  /** Names the methods. */
  @OPTIONS
  public Response options() {
    return Response.noContent().allow(METHODS).build();
  }

  /** Names the methods. */
  @OPTIONS
  @Path("{key: .+}")
  public Response optionsOfEntry() {
    return options();
  }

  /** A client that builds a path from an empty key must not meet what is about all entries. */
  private static Query collection(HttpServletRequest request) {
    if (!EntryAddress.isWithoutKey(request)) {
      throw new ProblemException(Status.BAD_REQUEST, "key is empty, or not percent-encoded");
    }
    return Query.of(request);
  }

  private CompletionStage<Response> change(Operation operation, HttpServletRequest request) {
    Reading reading = Reading.whole(request);
    if (operation.invalidates().isEmpty()) {
      return perform(operation, reading, request);
    }
    return Departure.await(
        request,
        cache
            .perform(operation)
            .thenCompose(
                answer ->
                    invalidations
                        .beside(operation, answer)
                        .thenApply(failure -> failure.orElseGet(() -> response(answer, reading)))));
  }

  private CompletionStage<Response> perform(
      Operation operation, Reading reading, HttpServletRequest request) {
    return Departure.await(request, cache.perform(operation))
        .thenApply(answer -> response(answer, reading));
  }

  private Response response(Answer answer, Reading reading) {
    return answer.outcome() instanceof Outcome.Found found
        ? ValueReply.of(answer, found, reading, valueLimit)
        : Reply.of(answer, reading);
  }
}
