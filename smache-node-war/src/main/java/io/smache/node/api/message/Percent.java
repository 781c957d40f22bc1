package io.smache.node.api.message;

import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Percent-encoding (RFC 3986, section 2.1), decoded to bytes. The servers' own decoding maps every
 * invalid UTF-8 byte to one character, so two keys could collide. Bytes that a client did not
 * encode arrive as one char each and stay as they are.
 */
public final class Percent {
  private static final int HEX = 16;
  private static final HexFormat OCTETS = HexFormat.of().withUpperCase();

  private Percent() {}

  /**
   * Returns the bytes.
   *
   * @param what names the text in the error
   * @param plus whether {@code +} is a space, as it is in a query
   * @throws ProblemException 400 when a sign of percent is not followed by two hexadecimal digits
   */
  public static byte[] decode(String encoded, String what, boolean plus) {
    if (encoded.indexOf('%') < 0 && !(plus && encoded.indexOf('+') >= 0)) {
      return encoded.getBytes(StandardCharsets.ISO_8859_1);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
    int i = 0;
    while (i < encoded.length()) {
      char sign = encoded.charAt(i);
      if (sign == '%') {
        bytes.write(octet(encoded, i, what));
        i += 3;
      } else {
        bytes.write(plus && sign == '+' ? ' ' : sign);
        i++;
      }
    }
    return bytes.toByteArray();
  }

  /**
   * Encodes bytes: all except unreserved characters, and a dot in a text of dots, which would be
   * another path.
   */
  public static String encode(byte[] bytes) {
    StringBuilder encoded = new StringBuilder(bytes.length);
    boolean dots = new String(bytes, StandardCharsets.ISO_8859_1).matches("\\.{1,2}");
    for (byte octet : bytes) {
      char sign = (char) (octet & 0xff);
      if (isUnreserved(sign) && !dots) {
        encoded.append(sign);
      } else {
        encoded.append('%').append(OCTETS.toHexDigits(octet));
      }
    }
    return encoded.toString();
  }

  private static boolean isUnreserved(char c) {
    boolean letterOrDigit =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return letterOrDigit || c == '-' || c == '_' || c == '.' || c == '~';
  }

  private static int octet(String encoded, int at, String what) {
    int high = at + 2 < encoded.length() ? Character.digit(encoded.charAt(at + 1), HEX) : -1;
    int low = high < 0 ? -1 : Character.digit(encoded.charAt(at + 2), HEX);
    if (low < 0) {
      throw new ProblemException(
          Status.BAD_REQUEST,
          what + " is not percent-encoded: % must be followed by two hexadecimal digits");
    }
    return high * HEX + low;
  }
}
