package io.smache.node.store;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Values as JSON, for the operations that look into them. */
public final class JsonValue {
  /** Longer integers would hold a shard's lock too long. */
  public static final int MAX_DIGITS = 10_000;

  /** The first byte of a byte order mark; no JSON text begins with it or a higher one. */
  private static final int FIRST_MARK = 0xef;

  private static final Pattern INTEGER =
      Pattern.compile("[ \t\r\n]*(-?(?:0|[1-9][0-9]*))[ \t\r\n]*");

  private JsonValue() {}

  /**
   * Returns whether the bytes are UTF-8 to whoever parses JSON: by zeros or a mark at the start
   * they would be taken for another encoding (RFC 8259, section 8.1).
   */
  public static boolean isUtf8(byte[] text) {
    for (int i = 0; i < Math.min(text.length, Integer.BYTES); i++) {
      if (text[i] == 0) {
        return false;
      }
    }
    boolean marked = text.length > 0 && (text[0] & 0xff) >= FIRST_MARK;
    return !marked && Utf8.malformedAt(text) < 0;
  }

  /** Returns whether the bytes are one JSON text. */
  public static boolean isWellFormed(byte[] text) {
    if (!isUtf8(text)) {
      return false;
    }
    try (var parser = RawJson.FACTORY.createParser(text)) {
      if (parser.nextToken() == null) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns the value without its content coding. */
  static byte[] plain(Entry entry) throws JsonValueException {
    if (entry.format().encoding() == null) {
      return entry.value();
    }
    try {
      return Gzip.decode(entry.value(), Integer.MAX_VALUE - Long.BYTES);
    } catch (IOException e) {
      throw new JsonValueException("the value is not what its content coding says");
    }
  }

  /** Returns the integer that the value of the entry is. */
  static BigInteger integer(Entry entry) throws JsonValueException {
    byte[] text = plain(entry);
    var digits = INTEGER.matcher(new String(text, StandardCharsets.ISO_8859_1));
    if (text.length > MAX_DIGITS || !digits.matches()) {
      throw new JsonValueException(
          "the value is no JSON integer of at most " + MAX_DIGITS + " digits");
    }
    return new BigInteger(digits.group(1));
  }
}
