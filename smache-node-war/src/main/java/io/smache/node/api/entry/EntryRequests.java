package io.smache.node.api.entry;

import io.smache.node.api.message.Content;
import io.smache.node.api.message.FieldName;
import io.smache.node.api.message.Fields;
import io.smache.node.api.message.Groups;
import io.smache.node.api.message.MediaTypes;
import io.smache.node.api.message.Parameters;
import io.smache.node.api.message.Query;
import io.smache.node.api.message.ReadOptions;
import io.smache.node.api.message.Reply;
import io.smache.node.api.message.Request;
import io.smache.node.cache.Cache;
import io.smache.node.engine.Answer;
import io.smache.node.shard.ValueLimit;
import io.smache.node.store.Delete;
import io.smache.node.store.Get;
import io.smache.node.store.Increment;
import io.smache.node.store.JsonValue;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.node.store.LifetimeSpec;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import io.smache.node.store.Patch;
import io.smache.node.store.Preconditions;
import io.smache.node.store.Put;
import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Requests on one entry: maps fields to an operation, and its outcome to a reply. Checks everything
 * else before it reads the body. Thread-safe.
 */
@Dependent
public class EntryRequests {
  private static final String[] LIFETIME = {"ttl", "idle", "stale"};
  private static final String[] REPLACE = {"ttl", "idle", "stale", "keep"};
  private static final String[] INCREMENT = {"by", "initial", "ttl", "idle", "stale"};

  private final Cache cache;
  private final Invalidations invalidations;
  private final Listing listing;
  private final Replies replies;
  private final int valueLimit;

  /**
   * Takes what it works with.
   *
   * @param valueLimit the most bytes of a value
   */
  @Inject
  public EntryRequests(
      Cache cache,
      Invalidations invalidations,
      Listing listing,
      Replies replies,
      @ValueLimit int valueLimit) {
    this.cache = cache;
    this.invalidations = invalidations;
    this.listing = listing;
    this.replies = replies;
    this.valueLimit = valueLimit;
  }

  /** Returns the value of an entry; without a key, a page of all entries. */
  public CompletionStage<Reply> get(Request request, EntryAddress address) throws KeyException {
    Query query = Query.of(request);
    if (!address.hasKey(query)) {
      return listing.page(address.cache(), query);
    }
    Key key = address.key(query, "lease", "wait");
    long claim = query.millis("lease", Parameters.MAX_CLAIM).orElse(0L);
    long wait = query.millis("wait", Parameters.MAX_WAIT).orElse(0L);
    return read(request, address, key, ReadOptions.of(request, false), claim, wait);
  }

  /** Returns what {@link #get} returns, without the value; without a claim. */
  public CompletionStage<Reply> head(Request request, EntryAddress address) throws KeyException {
    Query query = Query.of(request);
    if (!address.hasKey(query)) {
      return listing.page(address.cache(), query);
    }
    Key key = address.key(query);
    return read(request, address, key, ReadOptions.of(request, true), 0, 0);
  }

  private CompletionStage<Reply> read(
      Request request, EntryAddress address, Key key, ReadOptions options, long claim, long wait) {
    Preconditions preconditions = Fields.preconditions(request, options.gzip());
    Get get = new Get(address.cache(), key, preconditions, !options.head(), claim, wait, false);
    return perform(get, options);
  }

  /** Stores the body with its media type. */
  public CompletionStage<Reply> put(Request request, EntryAddress address)
      throws KeyException, IOException {
    Query query = Query.of(request);
    Key key = address.key(query, REPLACE);
    LifetimeSpec lifetime = Parameters.replacing(query, request);
    List<String> groups = Groups.of(request, FieldName.CACHE_GROUPS).orElse(List.of());
    if (request.field(FieldName.CONTENT_RANGE) != null) {
      throw new ProblemException(
          Status.BAD_REQUEST, "Content-Range is not supported: a PUT has the whole value");
    }
    String name = address.cache();
    List<String> invalidates = invalidates(request);
    Preconditions preconditions = Fields.preconditions(request);
    Content content = Content.read(request, valueLimit);
    return change(
        request,
        new Put(
            name,
            key,
            content.bytes(),
            content.format(),
            groups,
            lifetime,
            preconditions,
            invalidates));
  }

  /** Removes an entry; without a key, those of groups or of a prefix, or all. */
  public CompletionStage<Reply> delete(Request request, EntryAddress address) throws KeyException {
    Query query = Query.of(request);
    if (!address.hasKey(query)) {
      return invalidations.invalidate(address.cache(), query, request);
    }
    Key key = address.key(query);
    return change(
        request,
        new Delete(address.cache(), key, Fields.preconditions(request), invalidates(request)));
  }

  /** Merges the body into a JSON value; with an empty body changes lifetime and groups only. */
  public CompletionStage<Reply> patch(Request request, EntryAddress address)
      throws KeyException, IOException {
    Query query = Query.of(request);
    Key key = address.key(query, LIFETIME);
    LifetimeSpec lifetime = Parameters.lifetime(query, request);
    Content content = Content.read(request, valueLimit);
    byte[] merge = content.bytes().length == 0 ? null : mergePatch(content);
    return change(
        request,
        new Patch(
            address.cache(),
            key,
            merge,
            Groups.of(request, FieldName.CACHE_GROUPS).orElse(null),
            lifetime,
            Fields.preconditions(request),
            invalidates(request)));
  }

  private byte[] mergePatch(Content content) {
    String type = content.type().orElse("");
    if (!MediaTypes.is(MediaTypes.MERGE_PATCH, type)) {
      throw new ProblemException(
          Status.UNSUPPORTED_MEDIA_TYPE,
          "Content-Type is '%s' but a patch must be %s".formatted(type, MediaTypes.MERGE_PATCH));
    }
    byte[] merge = content.plain(valueLimit);
    if (!JsonValue.isWellFormed(merge)) {
      throw new ProblemException(Status.BAD_REQUEST, "the body is not valid JSON in UTF-8");
    }
    return merge;
  }

  /** Adds to the integer of an entry. */
  public CompletionStage<Reply> increment(Request request, EntryAddress address)
      throws KeyException {
    Query query = Query.of(request);
    Key key = address.keyToIncrement(query, INCREMENT);
    return change(
        request,
        new Increment(
            address.cache(),
            key,
            Parameters.integer(query, "by", 1),
            Parameters.integer(query, "initial", 0),
            Parameters.lifetime(query, request),
            Fields.preconditions(request),
            invalidates(request)));
  }

  private static List<String> invalidates(Request request) {
    return Groups.of(request, FieldName.CACHE_GROUP_INVALIDATION).orElse(List.of());
  }

  private CompletionStage<Reply> change(Request request, Operation operation) {
    ReadOptions options = ReadOptions.whole(request);
    String location = location(operation, request);
    if (operation.invalidates().isEmpty()) {
      CompletionStage<Reply> reply = perform(operation, options);
      return location == null ? reply : reply.thenApply(each -> located(each, location));
    }
    return cache
        .perform(operation)
        .thenCompose(
            answer ->
                invalidations
                    .beside(operation, answer)
                    .thenApply(
                        failure ->
                            failure.orElseGet(
                                () ->
                                    invalidated(
                                        located(reply(answer, options), location), operation))));
  }

  /**
   * Returns the path of the entry if the request has another URL, else null: it tells caches which
   * copy to drop (RFC 9111, section 4.4).
   */
  private static @Nullable String location(Operation operation, Request request) {
    boolean own = request.query() == null && !(operation instanceof Increment);
    return own ? null : request.base() + EntryAddress.path(operation.cache(), operation.key());
  }

  private static Reply located(Reply reply, @Nullable String location) {
    return location != null && reply.status().isSuccessful()
        ? reply.with(FieldName.CONTENT_LOCATION, location)
        : reply;
  }

  private static Reply invalidated(Reply reply, Operation operation) {
    return reply.status().isSuccessful()
        ? reply.with(FieldName.CACHE_GROUP_INVALIDATION, Groups.format(operation.invalidates()))
        : reply;
  }

  private CompletionStage<Reply> perform(Operation operation, ReadOptions options) {
    return replies.of(
        cache.perform(operation),
        entry -> Replies.isRecoded(entry, options.gzip()),
        answer -> reply(answer, options));
  }

  private Reply reply(Answer answer, ReadOptions options) {
    return answer.outcome() instanceof Outcome.Found found
        ? ValueReply.of(answer, found, options, valueLimit)
        : EntryReply.of(answer, options);
  }
}
