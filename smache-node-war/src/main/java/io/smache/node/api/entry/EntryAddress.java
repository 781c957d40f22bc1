package io.smache.node.api.entry;

import io.smache.node.api.message.Percent;
import io.smache.node.api.message.Query;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.protocol.Member;
import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which cache and key a request names.
 *
 * @param encodedCache segment of the path, percent-encoded
 * @param encodedKey all of the path after {@code /entries/}, as it was sent: decoded by a server,
 *     two keys could meet; null when the path ends before
 */
public record EntryAddress(String encodedCache, @Nullable String encodedKey) {
  /** Parameter that carries the key where a path cannot. */
  public static final String KEY = "key";

  /** Path of all caches. */
  public static final String CACHES = "/api/caches/";

  /** Follows the cache in the path of an entry. */
  public static final String ENTRIES = "/entries/";

  /** Follows the key in the path of a counter. */
  public static final String INCREMENT = "/increment";

  /**
   * Returns the name of the cache.
   *
   * @throws ProblemException 400 when the segment cannot be a name
   */
  public String cache() {
    return cache(encodedCache);
  }

  /**
   * Returns the name of the cache that a segment of a path names.
   *
   * @throws ProblemException 400 when it cannot be a name
   */
  public static String cache(String segment) {
    return Member.isName(segment)
        ? segment
        : checked(
            new String(Percent.decode(segment, "the cache name", false), StandardCharsets.UTF_8));
  }

  /**
   * Returns a name of a cache unchanged.
   *
   * @throws ProblemException 400 when it cannot be one
   */
  public static String checked(String name) {
    if (!Member.isName(name)) {
      throw bad("the cache name '%s' must be 1 to 64 of A-Z a-z 0-9 . _ -".formatted(name));
    }
    return name;
  }

  /** Returns the path of an entry, percent-encoded. */
  static String path(String cache, Key key) {
    return CACHES + cache + ENTRIES + Percent.encode(key.utf8());
  }

  /** Returns whether a path that ends like this names a counter. */
  public static boolean isIncrement(String encodedKey) {
    return encodedKey.length() > INCREMENT.length() && encodedKey.endsWith(INCREMENT);
  }

  /** Returns whether the request names a key, in its path or as a parameter. */
  boolean hasKey(Query query) {
    return encodedKey != null || query.has(KEY);
  }

  /**
   * Returns the key that the request names.
   *
   * @param parameters that are allowed besides the key
   * @throws ProblemException 400 when there is none, 414 when it is too long
   */
  Key key(Query query, String... parameters) throws KeyException {
    return encodedKey == null ? ofQuery(query, parameters) : ofPath(encodedKey, query, parameters);
  }

  /**
   * Returns the key whose value a POST adds to: in a path, {@code /increment} follows it.
   *
   * @param parameters that are allowed besides the key
   * @throws ProblemException as {@link #key}
   */
  Key keyToIncrement(Query query, String... parameters) throws KeyException {
    if (encodedKey == null || !isIncrement(encodedKey)) {
      return key(query, parameters);
    }
    return ofPath(
        encodedKey.substring(0, encodedKey.length() - INCREMENT.length()), query, parameters);
  }

  /** A client that builds a path from an empty key must not meet what is about all entries. */
  private static Key ofPath(String encoded, Query query, String... parameters) throws KeyException {
    query.allowing(parameters);
    if (encoded.isEmpty()) {
      throw bad("key is empty, or not percent-encoded");
    }
    return key(Percent.decode(encoded, "the key", false));
  }

  private static Key ofQuery(Query query, String... parameters) throws KeyException {
    String[] allowed = Arrays.copyOf(parameters, parameters.length + 1);
    allowed[parameters.length] = KEY;
    byte[] key = query.allowing(allowed).bytes(KEY).orElse(null);
    if (key == null) {
      throw bad("a key is missing: in the path, or as the parameter " + KEY);
    }
    return key(key);
  }

  private static Key key(byte[] utf8) throws KeyException {
    if (utf8.length > Key.MAX_BYTES) {
      throw new ProblemException(
          Status.URI_TOO_LONG,
          "the key has %d bytes but at most %d are allowed".formatted(utf8.length, Key.MAX_BYTES));
    }
    return Key.ofUtf8(utf8);
  }

  private static ProblemException bad(String detail) {
    return new ProblemException(Status.BAD_REQUEST, detail);
  }
}
