package io.smache.node.front;

import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import java.util.regex.Pattern;

/**
 * What a head says of the body behind it and of the connection (RFC 9112, sections 3.2, 6 and 9.3).
 *
 * @param length bytes of the body, -1 when it has no announced length
 * @param chunked whether the body comes in chunks
 * @param keepsAlive whether the connection is used again
 * @param awaitsContinue whether the client waits with the body until it is asked for it
 */
record Framing(long length, boolean chunked, boolean keepsAlive, boolean awaitsContinue) {
  private static final Pattern LIST = Pattern.compile("[ \\t]*,[ \\t]*");

  /** The octets of a Host (RFC 3986, section 3.2.2, and a port). */
  private static final boolean[] HOST = Head.octets("-._~!$&'()*+;=:[]%");

  /** What most requests say. */
  private static final Framing USUAL = new Framing(-1, false, true, false);

  /** A length of more digits is none of anything. */
  private static final int MAX_DIGITS = 18;

  /**
   * Returns what a head says.
   *
   * @throws ProblemException when two parties could understand it differently
   */
  static Framing of(Head head) {
    long length = -1;
    boolean chunked = false;
    boolean keepsAlive = !head.isHttp10();
    boolean closes = false;
    boolean awaits = false;
    boolean host = head.isHttp10();
    boolean hosts = false;
    for (int i = 0; i < head.fields(); i++) {
      if (head.isNamed(i, "Host")) {
        checkHost(head, i, hosts);
        host = true;
        hosts = true;
      } else if (head.isNamed(i, "Content-Length")) {
        length = length(head.value(i), length);
      } else if (head.isNamed(i, "Transfer-Encoding")) {
        checkCoding(head, head.value(i), chunked);
        chunked = true;
      } else if (head.isNamed(i, "Connection")) {
        closes |= names(head.value(i), "close");
        keepsAlive |= names(head.value(i), "keep-alive");
      } else if (head.isNamed(i, "Expect")) {
        checkExpectation(head.value(i));
        awaits = !head.isHttp10();
      }
    }
    if (!host) {
      throw bad("Host is missing; HTTP/1.1 needs it");
    }
    if (chunked && length >= 0) {
      throw bad("Content-Length and Transfer-Encoding exclude each other");
    }
    boolean usual = length < 0 && !chunked && keepsAlive && !closes && !awaits;
    return usual ? USUAL : new Framing(length, chunked, keepsAlive && !closes, awaits);
  }

  /** Returns whether a body follows. */
  boolean hasBody() {
    return chunked || length > 0;
  }

  private static void checkHost(Head head, int line, boolean again) {
    if (again) {
      throw bad("Host is given twice, but must be given once");
    }
    if (!head.consistsOf(line, HOST)) {
      throw bad(
          "Host is '%s' but must be a name or an address, and a port".formatted(head.value(line)));
    }
  }

  private static long length(String value, long before) {
    if (before >= 0) {
      throw bad("Content-Length is given twice, but must be given once");
    }
    boolean digits = !value.isEmpty() && value.length() <= MAX_DIGITS;
    for (int i = 0; digits && i < value.length(); i++) {
      digits = value.charAt(i) >= '0' && value.charAt(i) <= '9';
    }
    if (!digits) {
      throw bad("Content-Length is '%s' but must be one whole number".formatted(value));
    }
    return Long.parseLong(value);
  }

  private static void checkCoding(Head head, String value, boolean again) {
    if (again) {
      throw bad("Transfer-Encoding is given twice, but must be given once");
    }
    if (head.isHttp10()) {
      throw bad("Transfer-Encoding is not allowed in HTTP/1.0");
    }
    if (!value.equalsIgnoreCase("chunked")) {
      throw new ProblemException(
          Status.NOT_IMPLEMENTED, "Transfer-Encoding is '%s' but must be chunked".formatted(value));
    }
  }

  private static boolean names(String options, String option) {
    for (String each : LIST.split(options, -1)) {
      if (each.equalsIgnoreCase(option)) {
        return true;
      }
    }
    return false;
  }

  private static void checkExpectation(String value) {
    if (!value.equalsIgnoreCase("100-continue")) {
      throw new ProblemException(
          Status.EXPECTATION_FAILED, "Expect is '%s' but must be 100-continue".formatted(value));
    }
  }

  private static ProblemException bad(String detail) {
    return new ProblemException(Status.BAD_REQUEST, detail);
  }
}
