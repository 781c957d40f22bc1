package io.smache.node.http;

import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.protocol.Member;
import io.smache.protocol.http.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Response.Status;
import java.util.Set;

/** Which cache and key a request is about. */
final class EntryAddress {
  /** Parameter that carries the key where a path cannot. */
  static final String KEY = "key";

  static final String CACHES = "/api/caches/";
  private static final String ALL = "/entries";
  static final String ENTRIES = ALL + "/";
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
    boolean posts = isWithoutKey(request) || isIncrement(request);
    return posts ? METHODS_WITH_POST : METHODS;
  }

  private static boolean isIncrement(HttpServletRequest request) {
    return request.getRequestURI().endsWith(INCREMENT);
  }

  /**
   * Returns whether the path has nothing behind {@code /entries}. The servers pass over what stands
   * behind a semicolon: to them {@code /entries/;x} is {@code /entries}, to us it has a key.
   */
  static boolean isWithoutKey(HttpServletRequest request) {
    return request.getRequestURI().endsWith(ALL);
  }

  /** Returns the key of the path, all behind {@code /entries/}. */
  static Key ofPath(HttpServletRequest request) throws KeyException {
    return key(Percent.decode(rawKey(request), "the key", false));
  }

  /**
   * Returns the key of a path that ends in {@code /increment}, which is no part of it.
   *
   * @throws ProblemException 405 when it does not end so
   */
  static Key ofIncrementPath(HttpServletRequest request) throws KeyException {
    String raw = rawKey(request);
    if (!raw.endsWith(INCREMENT)) {
      throw new ProblemException(
          Status.METHOD_NOT_ALLOWED,
          "POST is only supported on …/{key}/increment",
          methods(request));
    }
    String encoded = raw.substring(0, raw.length() - INCREMENT.length());
    return key(Percent.decode(encoded, "the key", false));
  }

  /**
   * Returns the key of the parameter.
   *
   * @throws ProblemException 400 when there is none
   */
  static Key ofQuery(Query query) throws KeyException {
    return key(
        query
            .bytes(KEY)
            .orElseThrow(
                () ->
                    new ProblemException(
                        Status.BAD_REQUEST,
                        "a key is missing: in the path, or as the parameter " + KEY)));
  }

  /** Returns whether a place in a path belongs to a key. */
  static boolean isInKey(String path, int index) {
    int caches = path.indexOf(CACHES);
    int entries = caches < 0 ? -1 : path.indexOf(ENTRIES, caches + CACHES.length());
    return entries >= 0 && index >= entries + ENTRIES.length();
  }

  /** The path as it was sent: decoded by the server, two keys could meet. */
  private static String rawKey(HttpServletRequest request) {
    String uri = request.getRequestURI();
    int entries = uri.indexOf(ENTRIES, uri.indexOf(CACHES) + CACHES.length());
    if (entries < 0) {
      throw new ProblemException(
          Status.BAD_REQUEST, "the path must be /api/caches/{cache}/entries/{key}");
    }
    return uri.substring(entries + ENTRIES.length());
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
