package io.smache.node.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.smache.node.cache.Cache;
import io.smache.node.shard.ValueLimit;
import io.smache.node.store.Invalidation;
import io.smache.protocol.http.JsonProvider;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;

/**
 * Many operations on the entries of a cache in one request. Batches of lines are taken before they
 * come here, by {@link BatchStreamFilter}.
 */
@Path("api/caches/{cache}" + BatchResource.PATH)
@ApplicationScoped
public class BatchResource {
  /** The end of its path. */
  static final String PATH = "/batch";

  /** The most bytes of a batch. */
  static final int MAX_BYTES = 64 << 20;

  /**
   * From so many bytes on, or when their number is not said, one at a time: a heap is not large.
   */
  private static final int LARGE_BYTES = 8 << 20;

  private final Semaphore large = new Semaphore(1);

  @Inject Cache cache;
  @Inject Invalidations invalidations;
  @Inject @ValueLimit int valueLimit;

  /** Executes the operations of a JSON array and returns an array of results. */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public CompletionStage<Response> batch(
      @PathParam("cache") String name, @Context HttpServletRequest request) throws IOException {
    Query.of(request).allowing();
    EntryAddress.cache(name);
    Body.refuseAnnounced(request, MAX_BYTES);
    long announced = request.getContentLengthLong();
    if (announced >= 0 && announced < LARGE_BYTES) {
      return CompletionGate.await(request, perform(name, request));
    }
    if (!large.tryAcquire()) {
      return CompletableFuture.completedFuture(
          Unavailable.response("another large batch is under way").build());
    }
    try {
      return CompletionGate.await(
          request, perform(name, request).whenComplete((response, failure) -> large.release()));
    } catch (IOException | RuntimeException e) {
      large.release();
      throw e;
    }
  }

  private CompletionStage<Response> perform(String name, HttpServletRequest request)
      throws IOException {
    Batch batch = new Batch(name);
    List<String> groups = Groups.of(request, Groups.INVALIDATION).orElse(List.of());
    batch.addAll(JsonBody.read(request, MAX_BYTES));
    return invalidate(name, groups)
        .thenCompose(
            failure ->
                failure.isPresent()
                    ? CompletableFuture.completedFuture(failure.get())
                    : batch.perform(cache).thenApply(results -> response(results, groups)));
  }

  /** Runs before the operations, so that it does not remove what they store. */
  private CompletionStage<Optional<Response>> invalidate(String name, List<String> groups) {
    return groups.isEmpty()
        ? CompletableFuture.completedFuture(Optional.empty())
        : invalidations.apply(name, Invalidation.ofGroups(groups));
  }

  private Response response(List<BatchResult> results, List<String> groups) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JsonProvider.MAPPER.createGenerator(out)) {
      json.writeStartArray();
      for (BatchResult result : results) {
        int room = (int) Math.max(0, Math.min(valueLimit, Cache.MAX_ANSWER - out.size()));
        BatchResult.write(result, json, room);
      }
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Invalidations.naming(
            groups, Response.ok(out.toByteArray(), MediaType.APPLICATION_JSON_TYPE))
        .build();
  }
}
