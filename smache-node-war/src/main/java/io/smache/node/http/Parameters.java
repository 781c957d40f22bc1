package io.smache.node.http;

import io.smache.node.store.JsonValue;
import io.smache.node.store.Lifetime;
import io.smache.protocol.http.ProblemException;
import jakarta.ws.rs.core.Response.Status;
import java.math.BigInteger;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Parameters of the requests about entries. */
final class Parameters {
  /** The longest time to compute a value, in ms. */
  static final long MAX_LEASE = TimeUnit.MINUTES.toMillis(10);

  /** The longest time to wait for a value, in ms. */
  static final long MAX_WAIT = TimeUnit.SECONDS.toMillis(60);

  private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1," + JsonValue.MAX_DIGITS + "}");

  private Parameters() {}

  /**
   * Returns what the query says of a lifetime.
   *
   * @throws ProblemException 400 when it is none
   */
  static Lifetime lifetime(Query query) {
    if (!query.has("ttl") && !query.has("idle") && !query.has("stale")) {
      return Lifetime.UNSAID;
    }
    return new Lifetime(
        query.millis("ttl", Duration.MAX_LIFE).orElse(null),
        query.millis("idle", Duration.MAX_LIFE).orElse(null),
        query.millis("stale", Duration.MAX_LIFE).orElse(null));
  }

  /**
   * Returns an integer of any size.
   *
   * @param absent what counts when there is none
   * @throws ProblemException 400 when it is none
   */
  static BigInteger integer(Query query, String name, long absent) {
    return query
        .text(name)
        .map(text -> integer("the parameter " + name, text))
        .orElse(BigInteger.valueOf(absent));
  }

  static BigInteger integer(String what, String text) {
    if (!INTEGER.matcher(text).matches()) {
      throw new ProblemException(
          Status.BAD_REQUEST,
          "%s is '%s' but must be an integer of at most %d digits"
              .formatted(what, text, JsonValue.MAX_DIGITS));
    }
    return new BigInteger(text);
  }
}
