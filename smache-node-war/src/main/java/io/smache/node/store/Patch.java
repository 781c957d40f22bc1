package io.smache.node.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes parts of an entry and leaves the others as they are.
 *
 * @param merge a JSON merge patch (RFC 7396) to apply to the value, or null for none
 * @param groups new groups, or null to keep the old
 */
@SuppressWarnings("ArrayRecordComponent") // a message, never compared
public record Patch(
    String cache,
    Key key,
    byte @Nullable [] merge,
    @Nullable List<String> groups,
    LifetimeSpec lifetime,
    Preconditions preconditions,
    List<String> invalidates)
    implements Operation, Write {

  @Override
  public long bytes() {
    return (long) key.length() + (merge == null ? 0 : merge.length);
  }

  @Override
  public Change apply(@Nullable Entry current, WriteContext context) {
    if (!preconditions.allow(current)) {
      return new Change(current, new Outcome.PreconditionFailed());
    }
    if (current == null) {
      return new Change(null, Outcome.Absent.PLAIN);
    }
    Expiration expiration = current.expiration().changed(lifetime, context.nanos());
    List<String> nextGroups = groups == null ? current.groups() : groups;
    if (merge == null) {
      Entry next =
          Entry.written(current.value(), current.format(), nextGroups, expiration, context);
      return new Change(next, new Outcome.Stored(false, context.version()));
    }
    if (!current.format().isJson()) {
      String reason =
          "the value is %s; a merge patch needs JSON".formatted(current.format().type());
      return new Change(current, new Outcome.Unsupported(reason));
    }
    try {
      byte[] merged = MergePatch.apply(JsonValue.plain(current), merge);
      Entry next =
          Entry.written(merged, current.format().parsed(), nextGroups, expiration, context);
      return new Change(next, Outcome.Found.fresh(next.snapshot(expiration.left(context.nanos()))));
    } catch (JsonValueException e) {
      return new Change(current, new Outcome.Conflict(String.valueOf(e.getMessage())));
    }
  }
}
