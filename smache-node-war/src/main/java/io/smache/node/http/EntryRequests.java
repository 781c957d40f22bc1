package io.smache.node.http;

import io.smache.node.cache.Answer;
import io.smache.node.cache.Cache;
import io.smache.node.shard.ValueLimit;
import io.smache.node.store.Delete;
import io.smache.node.store.Get;
import io.smache.node.store.Increment;
import io.smache.node.store.JsonValue;
import io.smache.node.store.Key;
import io.smache.node.store.LifetimeSpec;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import io.smache.node.store.Patch;
import io.smache.node.store.Preconditions;
import io.smache.node.store.Put;
import io.smache.protocol.http.ProblemException;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response.Status;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Requests on one entry: maps fields to an operation, and its outcome to a reply. Checks everything
 * else before it reads the body. Thread-safe.
 */
@Dependent
class EntryRequests {
  private static final String MERGE_PATCH = "application/merge-patch+json";

  @Inject Cache cache;
  @Inject Invalidations invalidations;
  @Inject @ValueLimit int valueLimit;

  /** Returns whether the body of a request is valid and can be read without waiting. */
  boolean takes(HttpServletRequest request) throws IOException {
    return Body.isHere(request, valueLimit)
        && request.getHeader(HttpHeaders.CONTENT_ENCODING) == null;
  }

  /** Returns the value of the entry. */
  CompletionStage<Reply> get(String name, Key key, Query query, HttpServletRequest request) {
    long claim = query.millis("lease", Parameters.MAX_CLAIM).orElse(0L);
    long wait = query.millis("wait", Parameters.MAX_WAIT).orElse(0L);
    return read(name, key, ReadOptions.of(request, false), claim, wait, request);
  }

  /** Returns what {@link #get} returns, without the value; without a claim. */
  CompletionStage<Reply> head(String name, Key key, HttpServletRequest request) {
    return read(name, key, ReadOptions.of(request, true), 0, 0, request);
  }

  private CompletionStage<Reply> read(
      String name,
      Key key,
      ReadOptions options,
      long claim,
      long wait,
      HttpServletRequest request) {
    Preconditions preconditions = Fields.preconditions(request, options.gzip());
    Get get = new Get(EntryAddress.cache(name), key, preconditions, !options.head(), claim, wait);
    return perform(get, options, request);
  }

  /** Stores the body with its media type. */
  CompletionStage<Reply> put(String name, Key key, Query query, HttpServletRequest request)
      throws IOException {
    LifetimeSpec lifetime = Parameters.lifetime(query, request);
    List<String> groups = Groups.of(request, Groups.CACHE_GROUPS).orElse(List.of());
    List<String> invalidates = Groups.of(request, Groups.INVALIDATION).orElse(List.of());
    if (request.getHeader("Content-Range") != null) {
      throw new ProblemException(
          Status.BAD_REQUEST, "Content-Range is not known here: a PUT has the whole value");
    }
    String cacheName = EntryAddress.cache(name);
    Preconditions preconditions = Fields.preconditions(request);
    ReadOptions options = ReadOptions.whole(request);
    Content content = Content.read(request, valueLimit);
    return change(
        new Put(
            cacheName,
            key,
            content.bytes(),
            content.format(),
            groups,
            lifetime,
            preconditions,
            invalidates),
        options,
        request);
  }

  /** Removes the entry. */
  CompletionStage<Reply> delete(String name, Key key, HttpServletRequest request) {
    List<String> invalidates = Groups.of(request, Groups.INVALIDATION).orElse(List.of());
    return change(
        new Delete(EntryAddress.cache(name), key, Fields.preconditions(request), invalidates),
        ReadOptions.whole(request),
        request);
  }

  /** Merges the body into a JSON value; with an empty body changes lifetime and groups only. */
  CompletionStage<Reply> patch(String name, Key key, Query query, HttpServletRequest request)
      throws IOException {
    LifetimeSpec lifetime = Parameters.lifetime(query, request);
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
        ReadOptions.whole(request),
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

  /** Adds to the integer of the entry. */
  CompletionStage<Reply> increment(String name, Key key, Query query, HttpServletRequest request) {
    Increment increment =
        new Increment(
            EntryAddress.cache(name),
            key,
            Parameters.integer(query, "by", 1),
            Parameters.integer(query, "initial", 0),
            Parameters.lifetime(query, request),
            Fields.preconditions(request),
            Groups.of(request, Groups.INVALIDATION).orElse(List.of()));
    return change(increment, ReadOptions.whole(request), request);
  }

  private CompletionStage<Reply> change(
      Operation operation, ReadOptions options, HttpServletRequest request) {
    String location = location(operation, request);
    if (operation.invalidates().isEmpty()) {
      return perform(operation, options, request).thenApply(reply -> located(reply, location));
    }
    return CompletionGate.await(
        request,
        cache
            .perform(operation)
            .thenCompose(
                answer ->
                    invalidations
                        .beside(operation, answer)
                        .thenApply(
                            failure ->
                                failure
                                    .map(Reply::of)
                                    .orElseGet(
                                        () ->
                                            invalidated(
                                                located(reply(answer, options), location),
                                                operation)))));
  }

  /**
   * Returns the path of the entry if the request has another URL, else null: it tells caches which
   * copy to drop (RFC 9111, section 4.4).
   */
  private static @Nullable String location(Operation operation, HttpServletRequest request) {
    boolean own = request.getQueryString() == null && !(operation instanceof Increment);
    return own ? null : EntryAddress.path(request, operation.cache(), operation.key());
  }

  private static Reply located(Reply reply, @Nullable String location) {
    return location != null && reply.isSuccessful()
        ? reply.with(HttpHeaders.CONTENT_LOCATION, location)
        : reply;
  }

  private static Reply invalidated(Reply reply, Operation operation) {
    return reply.isSuccessful()
        ? reply.with(Groups.INVALIDATION, Groups.format(operation.invalidates()))
        : reply;
  }

  private CompletionStage<Reply> perform(
      Operation operation, ReadOptions options, HttpServletRequest request) {
    return CompletionGate.await(request, cache.perform(operation))
        .thenApply(answer -> reply(answer, options));
  }

  private Reply reply(Answer answer, ReadOptions options) {
    return answer.outcome() instanceof Outcome.Found found
        ? ValueReply.of(answer, found, options, valueLimit)
        : EntryReply.of(answer, options);
  }
}
