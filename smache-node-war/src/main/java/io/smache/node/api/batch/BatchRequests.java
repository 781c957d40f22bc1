package io.smache.node.api.batch;

import com.fasterxml.jackson.core.JsonGenerator;
import io.smache.node.api.access.Access;
import io.smache.node.api.access.Caller;
import io.smache.node.api.access.Right;
import io.smache.node.api.entry.EntryAddress;
import io.smache.node.api.entry.Invalidations;
import io.smache.node.api.entry.Replies;
import io.smache.node.api.message.Exchange;
import io.smache.node.api.message.FieldName;
import io.smache.node.api.message.Groups;
import io.smache.node.api.message.JsonBody;
import io.smache.node.api.message.MediaTypes;
import io.smache.node.api.message.Query;
import io.smache.node.api.message.Reply;
import io.smache.node.api.message.Request;
import io.smache.node.cache.Cache;
import io.smache.node.engine.Answer;
import io.smache.node.shard.ValueLimit;
import io.smache.node.store.Invalidation;
import io.smache.protocol.message.Json;
import io.smache.protocol.message.Status;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** Requests with many operations on the entries of a cache. Thread-safe. */
@Dependent
public class BatchRequests {
  /** The most bytes of a batch. */
  public static final int MAX_BYTES = 64 << 20;

  /** From so many bytes on, or when none are announced, one at a time: a heap is not large. */
  private static final int LARGE_BYTES = 8 << 20;

  /** Each holds a thread of its own while its client sends and reads. */
  private static final int MAX_STREAMS = 8;

  private final Semaphore large = new Semaphore(1);
  private final Semaphore streams = new Semaphore(MAX_STREAMS);
  private final Cache cache;
  private final Invalidations invalidations;
  private final Replies replies;
  private final Access access;
  private final int valueLimit;

  /**
   * Takes what it works with.
   *
   * @param valueLimit the most bytes of a value
   */
  @Inject
  public BatchRequests(
      Cache cache,
      Invalidations invalidations,
      Replies replies,
      Access access,
      @ValueLimit int valueLimit) {
    this.cache = cache;
    this.invalidations = invalidations;
    this.replies = replies;
    this.access = access;
    this.valueLimit = valueLimit;
  }

  /** Returns whether the body is lines, which are answered while they come. */
  public static boolean isStream(Request request) {
    return MediaTypes.is(MediaTypes.NDJSON, request.field(FieldName.CONTENT_TYPE));
  }

  /**
   * Executes the operations of a JSON array, or of lines, and returns their results. Its client is
   * one that may do something here, if not all of it.
   */
  public CompletionStage<Reply> post(Request request, EntryAddress address) throws IOException {
    Query.of(request).allowing();
    String name = address.cache();
    if (request.length() > MAX_BYTES) {
      throw Request.tooLarge(MAX_BYTES);
    }
    List<String> groups = Groups.of(request, FieldName.CACHE_GROUP_INVALIDATION).orElse(List.of());
    CompletionStage<Reply> refused =
        groups.isEmpty() ? null : access.refuse(request, Right.WRITE, name);
    if (refused != null) {
      return refused;
    }
    Caller caller = access.known(request);
    return isStream(request) ? lines(name, caller, groups) : array(request, caller, name, groups);
  }

  private CompletionStage<Reply> array(
      Request request, Caller caller, String name, List<String> groups) throws IOException {
    if (request.length() >= 0 && request.length() < LARGE_BYTES) {
      return perform(request, caller, name, groups);
    }
    if (!large.tryAcquire()) {
      return Reply.unavailable("another large batch is under way").now();
    }
    try {
      return perform(request, caller, name, groups)
          .whenComplete((reply, failure) -> large.release());
    } catch (IOException | RuntimeException e) {
      large.release();
      throw e;
    }
  }

  private CompletionStage<Reply> perform(
      Request request, Caller caller, String name, List<String> groups) throws IOException {
    Batch batch = new Batch(name, caller);
    batch.addAll(JsonBody.read(request, MAX_BYTES));
    return afterInvalidating(
        name,
        groups,
        () -> replies.afterwards(batch.perform(cache), results -> reply(results, groups)));
  }

  /** Invalidates before the operations, so that it does not remove what they store. */
  private CompletionStage<Reply> afterInvalidating(
      String name, List<String> groups, Supplier<CompletionStage<Reply>> operations) {
    if (groups.isEmpty()) {
      return operations.get();
    }
    return invalidations
        .apply(name, Invalidation.ofGroups(groups))
        .thenCompose(failure -> failure.map(Reply::now).orElseGet(operations));
  }

  private Reply reply(List<BatchResult> results, List<String> groups) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = Json.MAPPER.createGenerator(out)) {
      json.writeStartArray();
      for (BatchResult result : results) {
        int room = (int) Math.max(0, Math.min(valueLimit, Answer.MAX_BYTES - out.size()));
        BatchResult.write(result, json, room);
      }
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Invalidations.naming(groups, Reply.json(Status.OK, out.toByteArray()));
  }

  private CompletionStage<Reply> lines(String name, Caller caller, List<String> groups) {
    if (!streams.tryAcquire()) {
      return Reply.unavailable("too many batches are streamed at the same time").now();
    }
    Reply reply =
        Reply.of(Status.OK)
            .with(FieldName.CONTENT_TYPE, MediaTypes.NDJSON)
            .exchange(new Lines(name, caller));
    return afterInvalidating(name, groups, Invalidations.naming(groups, reply)::now)
        .whenComplete((done, failure) -> releaseUnless(done == reply));
  }

  private void releaseUnless(boolean streamed) {
    if (!streamed) {
      streams.release();
    }
  }

  /** A batch of lines; it holds one of the streams until it has run. */
  private final class Lines implements Exchange {
    private final String name;
    private final Caller caller;

    Lines(String name, Caller caller) {
      this.name = name;
      this.caller = caller;
    }

    @Override
    public void run(InputStream in, OutputStream out) throws IOException {
      try {
        new BatchStream(name, caller, cache, valueLimit).pump(in, out);
      } finally {
        streams.release();
      }
    }

    @Override
    public void abandon() {
      streams.release();
    }
  }
}
