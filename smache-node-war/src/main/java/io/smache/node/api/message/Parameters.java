package io.smache.node.api.message;

import io.smache.node.store.JsonValue;
import io.smache.node.store.LifetimeSpec;
import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import java.math.BigInteger;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parameters of the requests about entries. */
public final class Parameters {
  /** The longest time to compute a value, in ms. */
  public static final long MAX_CLAIM = TimeUnit.MINUTES.toMillis(10);

  /** The longest time to wait for a value, in ms. */
  public static final long MAX_WAIT = TimeUnit.SECONDS.toMillis(60);

  private static final String KEEP = "keep";
  private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1," + JsonValue.MAX_DIGITS + "}");

  private Parameters() {}

  /**
   * Returns the lifetime of a request, from parameters or from fields. With fields, the URL stays
   * that of the entry, so that caches relate the write to it.
   *
   * @throws ProblemException 400 when it is none, or said both ways
   */
  public static LifetimeSpec lifetime(Query query, Request request) {
    Long ttl = millis(query, "ttl", request, FieldName.TTL);
    Long idle = millis(query, "idle", request, FieldName.IDLE);
    Long stale = millis(query, "stale", request, FieldName.STALE);
    return ttl == null && idle == null && stale == null
        ? LifetimeSpec.UNSAID
        : new LifetimeSpec(ttl, idle, stale);
  }

  /**
   * Returns the lifetime of a request that replaces an entry, which may pass its own on.
   *
   * @throws ProblemException as {@link #lifetime}, and 400 when one is said beside {@code keep}
   */
  public static LifetimeSpec replacing(Query query, Request request) {
    LifetimeSpec said = lifetime(query, request);
    return query.text(KEEP).map(text -> kept("the parameter keep", text, said)).orElse(said);
  }

  /**
   * Returns the lifetime that is kept.
   *
   * @param what names the text in the error
   * @param text that says what is kept
   * @param said beside it
   * @throws ProblemException 400 when it says anything but {@code ttl}, or something was said
   */
  public static LifetimeSpec kept(String what, String text, LifetimeSpec said) {
    if (!text.equals("ttl")) {
      throw new ProblemException(
          Status.BAD_REQUEST, "%s is '%s' but must be ttl".formatted(what, text));
    }
    if (!said.equals(LifetimeSpec.UNSAID)) {
      throw new ProblemException(
          Status.BAD_REQUEST, what + " keeps the lifetime, so ttl, idle and stale are not allowed");
    }
    return LifetimeSpec.KEPT;
  }

  private static @Nullable Long millis(Query query, String name, Request request, String field) {
    Long parameter = query.millis(name, TimeSpan.MAX_LIFE).orElse(null);
    String value = request.field(field);
    if (value == null) {
      return parameter;
    }
    if (parameter != null) {
      throw new ProblemException(
          Status.BAD_REQUEST,
          "the lifetime is given as the parameter %s and as the field %s; send one of them"
              .formatted(name, field));
    }
    return TimeSpan.parse(value, "the field " + field, TimeSpan.MAX_LIFE);
  }

  /**
   * Returns an integer of any size.
   *
   * @param absent what counts when there is none
   * @throws ProblemException 400 when it is none
   */
  public static BigInteger integer(Query query, String name, long absent) {
    return query
        .text(name)
        .map(text -> integer("the parameter " + name, text))
        .orElse(BigInteger.valueOf(absent));
  }

  public static BigInteger integer(String what, String text) {
    if (!INTEGER.matcher(text).matches()) {
      throw new ProblemException(
          Status.BAD_REQUEST,
          "%s is '%s' but must be an integer of at most %d digits"
              .formatted(what, text, JsonValue.MAX_DIGITS));
    }
    return new BigInteger(text);
  }
}
