package io.smache.node.store;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adds to a JSON integer, and makes one when there is none.
 *
 * @param initial what is added to when there is no entry
 */
public record Increment(
    String cache,
    Key key,
    BigInteger by,
    BigInteger initial,
    Lifetime lifetime,
    Preconditions preconditions,
    List<String> invalidates)
    implements Operation, Write {

  @Override
  public Change apply(@Nullable Entry current, Stamp stamp) {
    if (!preconditions.allow(current)) {
      return new Change(current, new Outcome.PreconditionFailed());
    }
    try {
      BigInteger sum = (current == null ? initial : JsonValue.integer(current)).add(by);
      Entry next = next(current, sum.toString().getBytes(StandardCharsets.US_ASCII), stamp);
      long left = next.life().left(stamp.nanos());
      return new Change(next, Outcome.Found.fresh(next.snapshot(left)));
    } catch (JsonValueException e) {
      return new Change(current, new Outcome.Conflict(String.valueOf(e.getMessage())));
    }
  }

  /** A counter that is there keeps its life and its groups: so a limit per minute can be built. */
  private Entry next(@Nullable Entry current, byte[] digits, Stamp stamp) {
    if (current == null) {
      Life life = Life.begin(lifetime.or(stamp.defaults()), stamp.nanos());
      return Entry.written(digits, Format.JSON, List.of(), life, stamp);
    }
    Life life = current.life().changed(lifetime, stamp.nanos());
    return Entry.written(digits, current.format().parsed(), current.groups(), life, stamp);
  }
}
