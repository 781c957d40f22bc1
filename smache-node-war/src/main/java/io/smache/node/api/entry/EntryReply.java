package io.smache.node.api.entry;

import io.smache.node.api.message.FieldName;
import io.smache.node.api.message.Groups;
import io.smache.node.api.message.ReadOptions;
import io.smache.node.api.message.Reply;
import io.smache.node.api.message.Representation;
import io.smache.node.engine.Answer;
import io.smache.node.store.Outcome;
import io.smache.node.store.Snapshot;
import io.smache.node.store.State;
import io.smache.protocol.message.HttpDate;
import io.smache.protocol.message.Status;
import java.util.concurrent.TimeUnit;

/** Maps outcomes to replies: the part that all requests on an entry share. */
public final class EntryReply {
  /** Without it, caches serve ended values while they revalidate, or when they get no answer. */
  private static final String NO_LONGER = ", must-revalidate, stale-while-revalidate=0";

  private EntryReply() {}

  /** Returns the reply to an outcome that is the same for every request to an entry. */
  static Reply of(Answer answer, ReadOptions options) {
    Outcome outcome = answer.outcome();
    if (outcome instanceof Outcome.Stored stored) {
      return Reply.of(stored.created() ? Status.CREATED : Status.NO_CONTENT)
          .with(FieldName.ETAG, Representation.tag(stored.version()))
          .with(FieldName.NODE, answer.node());
    }
    if (outcome instanceof Outcome.Removed) {
      return Reply.of(Status.NO_CONTENT).with(FieldName.NODE, answer.node());
    }
    if (outcome instanceof Outcome.NotModified same) {
      Snapshot entry = same.entry();
      return described(Reply.of(Status.NOT_MODIFIED), answer, entry, State.PLAIN)
          .with(FieldName.ETAG, options.tagOf(entry.version()));
    }
    if (outcome instanceof Outcome.Absent absent) {
      return state(Reply.problem(Status.NOT_FOUND, "there is no such entry"), absent.state())
          .with(FieldName.CACHE_CONTROL, "no-store")
          .with(FieldName.NODE, answer.node());
    }
    return refused(answer);
  }

  /** Returns the reply to a refused operation, or one that cannot be executed now. */
  public static Reply refused(Answer answer) {
    return Refusal.of(answer.outcome()).reply().with(FieldName.NODE, answer.node());
  }

  /** Adds the fields that describe an entry. */
  static Reply described(Reply reply, Answer answer, Snapshot entry, State state) {
    reply
        .with(FieldName.LAST_MODIFIED, HttpDate.format(entry.modified()))
        .with(FieldName.CACHE_CONTROL, cacheControl(entry, state))
        .with(FieldName.VARY, FieldName.ACCEPT_ENCODING)
        .with(FieldName.NODE, answer.node());
    if (entry.ends() && !entry.idles()) {
      // The answer is made now, by the origin: what is left is all left to a cache in front.
      reply.with(FieldName.AGE, "0");
    }
    if (!entry.groups().isEmpty()) {
      reply.with(FieldName.CACHE_GROUPS, Groups.format(entry.groups()));
    }
    return state(reply, state);
  }

  private static Reply state(Reply reply, State state) {
    return state == State.PLAIN ? reply : reply.with(FieldName.STATE, state.text());
  }

  private static String cacheControl(Snapshot entry, State state) {
    if (state != State.PLAIN) {
      return "no-store";
    }
    return entry.ends() && !entry.idles()
        ? "max-age=" + TimeUnit.MILLISECONDS.toSeconds(entry.left()) + NO_LONGER
        : "no-cache";
  }
}
