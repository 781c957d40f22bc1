package io.smache.node.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stores a value.
 *
 * @param value taken, not copied
 * @param groups what it may be invalidated by
 */
@SuppressWarnings("ArrayRecordComponent") // a message, never compared
public record Put(
    String cache,
    Key key,
    byte[] value,
    Format format,
    List<String> groups,
    LifetimeSpec lifetime,
    Preconditions preconditions,
    List<String> invalidates)
    implements Operation, Write {

  /** Stores a value, and says nothing else. */
  public static Put plain(String cache, Key key, byte[] value, Format format) {
    return new Put(
        cache, key, value, format, List.of(), LifetimeSpec.UNSAID, Preconditions.NONE, List.of());
  }

  @Override
  public long bytes() {
    return (long) key.length() + value.length;
  }

  @Override
  public Change apply(@Nullable Entry current, WriteContext context) {
    if (!preconditions.allow(current)) {
      return new Change(current, new Outcome.PreconditionFailed());
    }
    Expiration expiration =
        lifetime.kept() && current != null && current.expiration().left(context.nanos()) > 0
            ? current.expiration()
            : Expiration.begin(lifetime.or(context.defaults()), context.nanos());
    Entry next = Entry.written(value, format, groups, expiration, context);
    return new Change(next, new Outcome.Stored(current == null, context.version()));
  }
}
