package io.smache.node.store;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adds to a JSON integer, creating it if necessary.
 *
 * @param initial the value of a missing entry
 */
public record Increment(
    String cache,
    Key key,
    BigInteger by,
    BigInteger initial,
    LifetimeSpec lifetime,
    Preconditions preconditions,
    List<String> invalidates)
    implements Operation, Write {

  @Override
  public Change apply(@Nullable Entry current, WriteContext context) {
    if (!preconditions.allow(current)) {
      return new Change(current, new Outcome.PreconditionFailed());
    }
    try {
      BigInteger sum = (current == null ? initial : JsonValue.integer(current)).add(by);
      Entry next = next(current, sum.toString().getBytes(StandardCharsets.US_ASCII), context);
      long left = next.expiration().left(context.nanos());
      return new Change(next, Outcome.Found.fresh(next.snapshot(left)));
    } catch (JsonValueException e) {
      return new Change(current, new Outcome.Conflict(String.valueOf(e.getMessage())));
    }
  }

  /** An existing counter keeps its lifetime and groups, so that rate limits can be built. */
  private Entry next(@Nullable Entry current, byte[] digits, WriteContext context) {
    if (current == null) {
      Expiration expiration = Expiration.begin(lifetime.or(context.defaults()), context.nanos());
      return Entry.written(digits, Format.JSON, List.of(), expiration, context);
    }
    Expiration expiration = current.expiration().changed(lifetime, context.nanos());
    return Entry.written(digits, current.format().parsed(), current.groups(), expiration, context);
  }
}
