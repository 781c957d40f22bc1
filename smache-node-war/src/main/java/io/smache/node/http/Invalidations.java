package io.smache.node.http;

import io.smache.node.cache.Answer;
import io.smache.node.cache.Broadcast;
import io.smache.node.store.Command;
import io.smache.node.store.Delete;
import io.smache.node.store.Invalidation;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import io.smache.protocol.http.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import jakarta.ws.rs.core.Response.Status;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Invalidates entries on all nodes, alone or together with a write. Thread-safe. */
@ApplicationScoped
class Invalidations {
  private static final String ALL = "all";
  private static final String GROUP = "group";
  private static final String PREFIX = "prefix";

  /** Repeating the write may not be idempotent; repeating the invalidation is. */
  private static final String BESIDE =
      "the write is done, but not invalidated at %s: repeat the invalidation by DELETE"
          + " /api/caches/{cache}/entries?group=, not the write";

  @Inject Broadcast broadcast;

  /**
   * Invalidates what the query names. All entries have to be named as well, so that a parameter
   * left empty by mistake does not remove them.
   */
  CompletionStage<Response> invalidate(String cache, Query query, HttpServletRequest request)
      throws KeyException {
    query.allowing(ALL, GROUP, PREFIX);
    List<String> groups =
        new ArrayList<>(Groups.of(request, Groups.INVALIDATION).orElse(List.of()));
    query.all(GROUP).forEach(group -> groups.add(new String(group, StandardCharsets.UTF_8)));
    Key prefix = prefix(query);
    boolean all = all(query);
    if (all == (!groups.isEmpty() || prefix != null)) {
      throw new ProblemException(
          Status.BAD_REQUEST,
          "say which entries to invalidate: by group or prefix, or ?all=true for every entry of the"
              + " cache");
    }
    List<String> checked = Groups.checked("the parameter group", groups);
    return apply(cache, new Invalidation(checked, prefix, all))
        .thenApply(
            failure -> failure.orElseGet(() -> naming(checked, Response.noContent()).build()));
  }

  /** Tells caches on the way which groups were invalidated (RFC 9875, section 3). */
  static ResponseBuilder naming(List<String> groups, ResponseBuilder response) {
    return groups.isEmpty()
        ? response
        : response.header(Groups.INVALIDATION, Groups.format(groups));
  }

  private static boolean all(Query query) {
    String all = query.text(ALL).orElse("false");
    if (query.has(ALL) && !all.equals("true")) {
      throw new ProblemException(
          Status.BAD_REQUEST, "the parameter all is '%s' but must be true".formatted(all));
    }
    return query.has(ALL);
  }

  /** Returns the prefix of a page or an invalidation. */
  static @Nullable Key prefix(Query query) throws KeyException {
    Optional<byte[]> prefix = query.bytes(PREFIX);
    if (prefix.isPresent() && prefix.get().length == 0) {
      throw new ProblemException(
          Status.BAD_REQUEST, "the parameter prefix is empty; leave it out to mean all entries");
    }
    return prefix.isPresent() ? Key.ofUtf8(prefix.get()) : null;
  }

  /**
   * Invalidates the groups that an executed operation names, if it changed something; the shard of
   * its key has already done so. Completes with the response to a failure, empty for none.
   */
  CompletionStage<Optional<Response>> beside(Operation operation, Answer answer) {
    Outcome outcome = answer.outcome();
    boolean applies =
        outcome instanceof Outcome.Stored
            || outcome instanceof Outcome.Removed
            || outcome instanceof Outcome.Found
            || (operation instanceof Delete && outcome instanceof Outcome.Absent);
    if (!applies || operation.invalidates().isEmpty()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    boolean changed = !(outcome instanceof Outcome.Absent);
    Command invalidate =
        Command.Invalidate.of(
            operation.cache(),
            Invalidation.ofGroups(operation.invalidates()),
            changed ? operation.key() : null);
    return broadcast
        .command(invalidate)
        .thenApply(reports -> unavailable(reports.missing(), BESIDE));
  }

  /** Completes with the response to a failure, empty for none. */
  CompletionStage<Optional<Response>> apply(String cache, Invalidation invalidation) {
    return broadcast
        .command(Command.Invalidate.of(cache, invalidation, null))
        .thenApply(reports -> incomplete(reports.missing(), "invalidated"));
  }

  /**
   * Returns 503 naming the members that did not execute a command, empty when all did.
   *
   * @param what was to be done, for the sentence
   */
  static Optional<Response> incomplete(List<String> missing, String what) {
    return unavailable(missing, "not " + what + " at %s; the same request may be sent again");
  }

  private static Optional<Response> unavailable(List<String> missing, String reason) {
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(Unavailable.response(reason.formatted(String.join(", ", missing))).build());
  }
}
