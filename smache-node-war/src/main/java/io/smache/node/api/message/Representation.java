package io.smache.node.api.message;

import io.smache.node.store.Format;
import io.smache.node.store.Gzip;
import io.smache.node.store.Snapshot;
import io.smache.node.store.Version;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The selected representation of a value (RFC 9110, section 3.2): as stored, compressed on the way,
 * or decoded for clients that do not accept gzip. Representations differ in their entity tag; all
 * tags of an entry stand for its version.
 *
 * @param encoding content coding of the bytes, or null for none
 * @param tag entity tag, with quotes
 */
@SuppressWarnings("ArrayRecordComponent") // a message, never compared
public record Representation(byte[] bytes, @Nullable String encoding, String tag) {
  /** Values below are not compressed, bytes. */
  private static final int COMPRESSED_FROM = 1024;

  private static final String COMPRESSED = "-gzip";
  private static final String PLAIN_END = "\"";
  private static final String COMPRESSED_END = COMPRESSED + PLAIN_END;

  /** Media types that are compressed already. */
  private static final Pattern DENSE =
      Pattern.compile(
          "(?:image/(?!svg).*|audio/.*|video/.*|font/woff2?"
              + "|application/(?:gzip|zip|zstd|x-7z-compressed|x-bzip2|x-xz|x-rar-compressed|pdf)).*");

  /**
   * Selects.
   *
   * @param gzip whether the client takes gzip
   * @param whole whether it wants all bytes, and so may get them compressed
   * @param limit the most bytes of a decoded value
   */
  public static Representation of(Snapshot entry, boolean gzip, boolean whole, int limit) {
    Format format = entry.format();
    byte[] value = entry.value();
    if (format.encoding() != null) {
      return gzip
          ? new Representation(value, format.encoding(), tag(entry.version(), COMPRESSED_END))
          : new Representation(
              Content.decoded(value, limit), null, tag(entry.version(), PLAIN_END));
    }
    if (gzip && whole && value.length >= COMPRESSED_FROM && !isDense(format.type())) {
      byte[] encoded = Gzip.encode(value);
      if (encoded.length < value.length) {
        return new Representation(encoded, Gzip.NAME, tag(entry.version(), COMPRESSED_END));
      }
    }
    return new Representation(value, null, tag(entry.version(), PLAIN_END));
  }

  /** Returns the entity tag of the bytes without a coding. */
  public static String tag(Version version) {
    return tag(version, PLAIN_END);
  }

  /** Returns the entity tag of the bytes compressed. */
  static String compressedTag(Version version) {
    return tag(version, COMPRESSED_END);
  }

  private static String tag(Version version, String end) {
    return version.tag("\"", end);
  }

  /** Returns the opaque part of a tag without the suffix of its representation. */
  static String versionOf(String opaque) {
    return opaque.endsWith(COMPRESSED)
        ? opaque.substring(0, opaque.length() - COMPRESSED.length())
        : opaque;
  }

  private static boolean isDense(String type) {
    return DENSE.matcher(type.toLowerCase(Locale.ROOT)).matches();
  }
}
