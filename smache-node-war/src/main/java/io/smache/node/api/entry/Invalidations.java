package io.smache.node.api.entry;

import io.smache.node.api.message.FieldName;
import io.smache.node.api.message.Groups;
import io.smache.node.api.message.Query;
import io.smache.node.api.message.Reply;
import io.smache.node.api.message.Request;
import io.smache.node.cache.Broadcast;
import io.smache.node.engine.Answer;
import io.smache.node.store.Command;
import io.smache.node.store.Delete;
import io.smache.node.store.Invalidation;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Invalidates entries on all nodes, alone or together with a write. Thread-safe. */
@Dependent
public class Invalidations {
  private static final String ALL = "all";
  private static final String GROUP = "group";
  private static final String PREFIX = "prefix";

  /** Repeating the write may not be idempotent; repeating the invalidation is. */
  private static final String BESIDE =
      "the write is done, but not invalidated at %s: repeat the invalidation by DELETE"
          + " /api/caches/{cache}/entries?group=, not the write";

  private final Broadcast broadcast;

  /** Takes what sends commands to all members. */
  @Inject
  public Invalidations(Broadcast broadcast) {
    this.broadcast = broadcast;
  }

  /**
   * Invalidates what the query names. All entries have to be named as well, so that a parameter
   * left empty by mistake does not remove them.
   */
  CompletionStage<Reply> invalidate(String cache, Query query, Request request)
      throws KeyException {
    query.allowing(ALL, GROUP, PREFIX);
    List<String> groups =
        new ArrayList<>(Groups.of(request, FieldName.CACHE_GROUP_INVALIDATION).orElse(List.of()));
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
            failure -> failure.orElseGet(() -> naming(checked, Reply.of(Status.NO_CONTENT))));
  }

  /** Tells caches on the way which groups were invalidated (RFC 9875, section 3). */
  public static Reply naming(List<String> groups, Reply reply) {
    return groups.isEmpty()
        ? reply
        : reply.with(FieldName.CACHE_GROUP_INVALIDATION, Groups.format(groups));
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
  CompletionStage<Optional<Reply>> beside(Operation operation, Answer answer) {
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
  public CompletionStage<Optional<Reply>> apply(String cache, Invalidation invalidation) {
    return broadcast
        .command(Command.Invalidate.of(cache, invalidation, null))
        .thenApply(reports -> incomplete(reports.missing(), "invalidated"));
  }

  /**
   * Returns 503 naming the members that did not execute a command, empty when all did.
   *
   * @param what was to be done, for the sentence
   */
  public static Optional<Reply> incomplete(List<String> missing, String what) {
    return unavailable(missing, "not " + what + " at %s; the same request may be sent again");
  }

  private static Optional<Reply> unavailable(List<String> missing, String reason) {
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(Reply.unavailable(reason.formatted(String.join(", ", missing))));
  }
}
