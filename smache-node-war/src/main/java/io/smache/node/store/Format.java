package io.smache.node.store;

import com.github.benmanes.caffeine.cache.Interner;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The format of a value. Few formats are in use at a time, so entries share them.
 *
 * @param type media type, as it was sent
 * @param encoding content coding that the bytes are in, {@code gzip}, or null for none
 * @param wellFormed whether the bytes are known to be one JSON text
 */
public record Format(String type, @Nullable String encoding, boolean wellFormed) {
  /** The format of bytes without a media type (RFC 9110, section 8.3). */
  public static final Format BYTES = new Format("application/octet-stream", null, false);

  /** A JSON text that was parsed. */
  public static final Format JSON = new Format("application/json", null, true);

  private static final Interner<Format> SHARED = Interner.newWeakInterner();

  /** Returns the format of bytes that nobody has parsed. */
  public static Format of(String type, @Nullable String encoding) {
    return new Format(type, encoding, false);
  }

  /** Returns whether the media type says JSON: itself, or a type with its suffix (RFC 6839). */
  public boolean isJson() {
    int semicolon = type.indexOf(';');
    String bare = (semicolon < 0 ? type : type.substring(0, semicolon)).strip();
    String lower = bare.toLowerCase(Locale.ROOT);
    return lower.equals(JSON.type) || lower.endsWith("+json");
  }

  /** Returns the one of all equal formats that entries share. */
  Format shared() {
    return SHARED.intern(this);
  }

  /** Returns the format of a JSON text of this type. */
  Format parsed() {
    return type.equals(JSON.type) ? JSON : new Format(type, null, true);
  }
}
