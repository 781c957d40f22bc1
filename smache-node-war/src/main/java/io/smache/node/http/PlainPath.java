package io.smache.node.http;

import org.jspecify.annotations.Nullable;

/**
 * The path of an entry without percent-encoding: cache and key have only unreserved characters (RFC
 * 3986, section 2.3).
 */
record PlainPath(String cache, String key) {
  /** Returns the parts of a path as it was sent; null when it is another or not plain. */
  static @Nullable PlainPath of(String uri) {
    if (!uri.startsWith(EntryAddress.CACHES)) {
      return null;
    }
    int end = uri.indexOf('/', EntryAddress.CACHES.length());
    int key = end + EntryAddress.ENTRIES.length();
    boolean plain =
        end > 0
            && uri.startsWith(EntryAddress.ENTRIES, end)
            && isName(uri, EntryAddress.CACHES.length(), end)
            && isName(uri, key, uri.length());
    return plain
        ? new PlainPath(uri.substring(EntryAddress.CACHES.length(), end), uri.substring(key))
        : null;
  }

  /** What begins with a dot may mean another path. */
  private static boolean isName(String text, int from, int to) {
    return isUnreserved(text, from, to) && text.charAt(from) != '.';
  }

  /** Returns whether a part of a text has unreserved characters only, and at least one. */
  static boolean isUnreserved(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!isUnreserved(text.charAt(i))) {
        return false;
      }
    }
    return from < to;
  }

  static boolean isUnreserved(char c) {
    boolean letterOrDigit =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return letterOrDigit || c == '-' || c == '_' || c == '.' || c == '~';
  }
}
