package io.smache.node.http;

import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.protocol.Member;
import io.smache.protocol.http.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Response.Status;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which cache and key a request is about. */
final class EntryAddress {
  /** Parameter that carries the key where a path cannot. */
  static final String KEY = "key";

  static final String CACHES = "/api/caches/";
  static final String ENTRIES = "/entries/";
  private static final String INCREMENT = "/increment";
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS");
  private static final Set<String> METHODS_WITH_POST =
      Set.of("GET", "HEAD", "PUT", "DELETE", "PATCH", "POST", "OPTIONS");

  private EntryAddress() {}

  /**
   * Returns the name of a cache.
   *
   * @throws ProblemException 400 when it can be none
   */
  static String cache(String name) {
    if (!Member.isName(name)) {
      throw new ProblemException(
          Status.BAD_REQUEST,
          "the cache name '%s' must be 1 to 64 of A-Z a-z 0-9 . _ -".formatted(name));
    }
    return name;
  }

  /** Returns the path of an entry, percent-encoded. */
  static String path(HttpServletRequest request, String cache, Key key) {
    return request.getContextPath() + CACHES + cache + ENTRIES + Percent.encode(key.utf8());
  }

  /** Returns the methods that the path of a request knows. */
  static Set<String> methods(HttpServletRequest request) {
    String raw = rawKey(request);
    return raw == null || isIncrement(raw) ? METHODS_WITH_POST : METHODS;
  }

  /** Returns whether a request names a key, in its path or as the parameter. */
  static boolean hasKey(HttpServletRequest request, Query query) {
    return rawKey(request) != null || query.has(KEY);
  }

  /**
   * Returns the key that a request names.
   *
   * @param parameters that are allowed besides the key
   * @throws ProblemException 400 when there is none
   */
  static Key key(HttpServletRequest request, Query query, String... parameters)
      throws KeyException {
    String raw = rawKey(request);
    return raw == null ? ofQuery(query, parameters) : ofPath(raw, query, parameters);
  }

  /**
   * Returns the key whose value a POST adds to: as a part of the path, {@code /increment} follows
   * it.
   *
   * @param parameters that are allowed besides the key
   * @throws ProblemException 405 when that does not follow
   */
  static Key keyToIncrement(HttpServletRequest request, Query query, String... parameters)
      throws KeyException {
    String raw = rawKey(request);
    if (raw == null || raw.isEmpty()) {
      return key(request, query, parameters);
    }
    if (!isIncrement(raw)) {
      throw new ProblemException(
          Status.METHOD_NOT_ALLOWED,
          "POST is only supported on …/{key}/increment",
          methods(request));
    }
    return ofPath(raw.substring(0, raw.length() - INCREMENT.length()), query, parameters);
  }

  private static boolean isIncrement(String rawKey) {
    return rawKey.length() > INCREMENT.length() && rawKey.endsWith(INCREMENT);
  }

  /** A client that builds a path from an empty key must not meet what is about all entries. */
  private static Key ofPath(String raw, Query query, String... parameters) throws KeyException {
    query.allowing(parameters);
    if (raw.isEmpty()) {
      throw new ProblemException(Status.BAD_REQUEST, "key is empty, or not percent-encoded");
    }
    return key(Percent.decode(raw, "the key", false));
  }

  private static Key ofQuery(Query query, String... parameters) throws KeyException {
    String[] allowed = Arrays.copyOf(parameters, parameters.length + 1);
    allowed[parameters.length] = KEY;
    byte[] key = query.allowing(allowed).bytes(KEY).orElse(null);
    if (key == null) {
      throw new ProblemException(
          Status.BAD_REQUEST, "a key is missing: in the path, or as the parameter " + KEY);
    }
    return key(key);
  }

  /** Returns whether a place in a path belongs to a key. */
  static boolean isInKey(String path, int index) {
    int start = keyStart(path);
    return start >= 0 && index >= start;
  }

  /** Returns where the key of a path begins; below 0 when the path ends before. */
  private static int keyStart(String path) {
    int caches = path.indexOf(CACHES);
    int entries = caches < 0 ? -1 : path.indexOf(ENTRIES, caches + CACHES.length());
    return entries < 0 ? -1 : entries + ENTRIES.length();
  }

  /**
   * Returns all of the path after {@code /entries/}, as it was sent: decoded by the server, two
   * keys could meet. Null when the path ends before.
   */
  private static @Nullable String rawKey(HttpServletRequest request) {
    String uri = request.getRequestURI();
    int start = keyStart(uri);
    return start < 0 ? null : uri.substring(start);
  }

  private static Key key(byte[] utf8) throws KeyException {
    if (utf8.length > Key.MAX_BYTES) {
      throw new ProblemException(
          Status.REQUEST_URI_TOO_LONG,
          "the key has %d bytes but at most %d are allowed".formatted(utf8.length, Key.MAX_BYTES));
    }
    return Key.ofUtf8(utf8);
  }
}
