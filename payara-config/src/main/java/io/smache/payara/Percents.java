package io.smache.payara;

import org.glassfish.grizzly.http.util.DataChunk;

/** Percent-encoding of a path (RFC 3986, section 2.1). */
final class Percents {
  private static final int HEX = 16;

  private Percents() {}

  /** Returns whether each percent sign is followed by two hexadecimal digits. */
  static boolean areWellFormed(DataChunk path) {
    return path.indexOf('%', 0) < 0 || areWellFormed(path.toString());
  }

  static boolean areWellFormed(String path) {
    for (int at = path.indexOf('%'); at >= 0; at = path.indexOf('%', at + 1)) {
      boolean encodes =
          at + 2 < path.length() && isHex(path.charAt(at + 1)) && isHex(path.charAt(at + 2));
      if (!encodes) {
        return false;
      }
    }
    return true;
  }

  private static boolean isHex(char digit) {
    return digit < 0x80 && Character.digit(digit, HEX) >= 0;
  }
}
