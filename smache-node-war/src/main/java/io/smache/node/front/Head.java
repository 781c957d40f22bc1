package io.smache.node.front;

import io.smache.protocol.message.Methods;
import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request: request line and header fields, read strictly (RFC 9112, sections 3 and
 * 5). Keeps no texts but the places of what was sent, and is used again for the next request: what
 * outlives that takes a {@link #copy}. For one thread.
 */
final class Head {
  /** A key of 8 KB whose bytes are all percent-encoded, and what surrounds it. */
  static final int MAX_LINE = 1 << 15;

  /** Bytes of all header fields together. */
  static final int MAX_FIELDS = 1 << 16;

  private static final int PLACES = 4;
  private static final int USUAL_FIELDS = 16;
  private static final String[] METHODS = {
    "GET", "PUT", "POST", "HEAD", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"
  };
  private static final byte[] HTTP = "HTTP/".getBytes(StandardCharsets.US_ASCII);
  private static final boolean[] TOKEN = octets("!#$%&'*+-.^_`|~");

  private byte[] bytes = {};
  private String method = "";
  private int targetStart;
  private int targetEnd;
  private boolean http10;

  /** Of each field, where its name starts and ends, and where its value does. */
  private int[] places = new int[PLACES * USUAL_FIELDS];

  private int fields;

  /** Returns which octets are letters, digits or one of these signs. */
  static boolean[] octets(String signs) {
    boolean[] octets = new boolean[1 << 8];
    for (int i = 0; i < signs.length(); i++) {
      octets[signs.charAt(i)] = true;
    }
    for (char each = '0'; each <= 'z'; each++) {
      octets[each] |= Character.isLetterOrDigit(each);
    }
    return octets;
  }

  /**
   * Returns where a head ends, behind its empty line; -1 when the end is not there yet.
   *
   * @param from where the head begins
   * @param line where to go on: the start of a line that had no end before
   * @throws ProblemException 400 for a line that does not end in CR LF, 414 or 431 when too long
   */
  static int end(byte[] bytes, int from, int line, int to) {
    int start = line;
    for (int i = line; i < to; i++) {
      if (bytes[i] != '\n') {
        continue;
      }
      if (i == start || bytes[i - 1] != '\r') {
        throw bad("a line of the head ends in LF alone; it must end in CR LF");
      }
      checkLength(i - from, start == from);
      if (i - 1 == start) {
        return i + 1;
      }
      start = i + 1;
    }
    checkLength(to - from, start == from);
    return -1;
  }

  /** Returns where the last line starts that has no end yet. */
  static int lastLine(byte[] bytes, int from, int to) {
    int start = to;
    while (start > from && bytes[start - 1] != '\n') {
      start--;
    }
    return start;
  }

  private static void checkLength(int length, boolean firstLine) {
    if (firstLine && length > MAX_LINE) {
      throw new ProblemException(
          Status.URI_TOO_LONG, "the request line may have " + MAX_LINE + " bytes");
    }
    if (length > MAX_LINE + MAX_FIELDS) {
      throw new ProblemException(
          Status.FIELDS_TOO_LARGE, "all header fields may have " + MAX_FIELDS + " bytes");
    }
  }

  /**
   * Reads a head that is complete.
   *
   * @param end behind its empty line
   * @throws ProblemException 400, 501 or 505 when it is not allowed
   */
  void read(byte[] from, int start, int end) {
    bytes = from;
    fields = 0;
    int line = readRequestLine(start);
    while (line < end - 2) {
      line = readField(line);
    }
    if (end - line > 2 || line - start > MAX_LINE + MAX_FIELDS) {
      throw bad("the head is malformed");
    }
  }

  /** Returns a copy that keeps its bytes. */
  Head copy() {
    Head copy = new Head();
    copy.method = method;
    copy.http10 = http10;
    copy.fields = fields;
    copy.places = Arrays.copyOf(places, fields * PLACES);
    int end = fields == 0 ? targetEnd : places[fields * PLACES - 1];
    copy.bytes = Arrays.copyOfRange(bytes, targetStart, end);
    copy.targetEnd = targetEnd - targetStart;
    for (int i = 0; i < copy.places.length; i++) {
      copy.places[i] -= targetStart;
    }
    return copy;
  }

  private int readRequestLine(int start) {
    int end = start;
    while (TOKEN[bytes[end] & 0xff]) {
      end++;
    }
    targetStart = end + 1;
    targetEnd = targetStart;
    if (end > start && bytes[end] == ' ') {
      while (isTarget(bytes[targetEnd])) {
        targetEnd++;
      }
    }
    if (targetEnd == targetStart || bytes[targetEnd] != ' ') {
      throw bad(
          "the request line must be: METHOD SP TARGET SP HTTP/1.1, the target in ASCII, with"
              + " anything else percent-encoded");
    }
    int next = readVersion(targetEnd + 1);
    method = method(start, end);
    return next;
  }

  private static boolean isTarget(byte octet) {
    return octet > ' ' && octet != 0x7f && octet != '#';
  }

  private int readVersion(int start) {
    int digits = start + HTTP.length;
    boolean known =
        Arrays.equals(bytes, start, Math.min(digits, bytes.length), HTTP, 0, HTTP.length)
            && isDigit(bytes[digits])
            && bytes[digits + 1] == '.'
            && isDigit(bytes[digits + 2])
            && bytes[digits + 3] == '\r'
            && bytes[digits + 4] == '\n';
    if (!known) {
      throw bad("the request line must end in SP HTTP/1.1");
    }
    if (bytes[digits] != '1') {
      throw new ProblemException(
          Status.VERSION_NOT_SUPPORTED, "this listener speaks HTTP/1.1 and HTTP/1.0");
    }
    http10 = bytes[digits + 2] == '0';
    return digits + 5;
  }

  private static boolean isDigit(byte octet) {
    return octet >= '0' && octet <= '9';
  }

  private String method(int start, int end) {
    for (String each : METHODS) {
      if (isText(start, end, each)) {
        return each;
      }
    }
    throw new ProblemException(Status.NOT_IMPLEMENTED, Methods.refusal(text(start, end)));
  }

  private boolean isText(int start, int end, String text) {
    if (end - start != text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (bytes[start + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private int readField(int start) {
    int nameEnd = start;
    while (TOKEN[bytes[nameEnd] & 0xff]) {
      nameEnd++;
    }
    if (nameEnd == start || bytes[nameEnd] != ':') {
      throw malformedName(start, nameEnd);
    }
    int valueStart = nameEnd + 1;
    while (isBlank(bytes[valueStart])) {
      valueStart++;
    }
    int end = valueStart;
    while (isValue(bytes[end])) {
      end++;
    }
    if (bytes[end] != '\r' || bytes[end + 1] != '\n') {
      throw bad("the header '%s' has a control character".formatted(text(start, nameEnd)));
    }
    int valueEnd = end;
    while (valueEnd > valueStart && isBlank(bytes[valueEnd - 1])) {
      valueEnd--;
    }
    add(start, nameEnd, valueStart, valueEnd);
    return end + 2;
  }

  private ProblemException malformedName(int start, int end) {
    if (end == start && isBlank(bytes[start])) {
      return bad("a header line begins with white space; folded lines are not allowed");
    }
    return isBlank(bytes[end])
        ? bad("white space between the header '%s' and its colon".formatted(text(start, end)))
        : bad("a header line must be: NAME: VALUE, the name a token of ASCII");
  }

  private void add(int nameStart, int nameEnd, int valueStart, int valueEnd) {
    int at = fields * PLACES;
    if (at == places.length) {
      places = Arrays.copyOf(places, 2 * at);
    }
    places[at] = nameStart;
    places[at + 1] = nameEnd;
    places[at + 2] = valueStart;
    places[at + 3] = valueEnd;
    fields++;
  }

  private static boolean isBlank(byte octet) {
    return octet == ' ' || octet == '\t';
  }

  /** Bytes beyond ASCII are allowed in values (RFC 9110, section 5.5). */
  private static boolean isValue(byte octet) {
    return octet >= ' ' ? octet != 0x7f : octet < 0 || octet == '\t';
  }

  /** Returns the method, one that HTTP knows. */
  String method() {
    return method;
  }

  /** Returns the target as it was sent. */
  String target() {
    return text(targetStart, targetEnd);
  }

  /** Returns whether the version is 1.0. */
  boolean isHttp10() {
    return http10;
  }

  /** Returns how many lines of fields there are. */
  int fields() {
    return fields;
  }

  /** Returns whether a line of fields has this name, in whatever case. */
  boolean isNamed(int line, String name) {
    int start = places[line * PLACES];
    if (places[line * PLACES + 1] - start != name.length()) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      if (lower((char) bytes[start + i]) != lower(name.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static char lower(char sign) {
    return sign >= 'A' && sign <= 'Z' ? (char) (sign | ' ') : sign;
  }

  /** Returns whether the value of a line of fields has only these octets. */
  boolean consistsOf(int line, boolean[] octets) {
    for (int i = places[line * PLACES + 2]; i < places[line * PLACES + 3]; i++) {
      if (!octets[bytes[i] & 0xff]) {
        return false;
      }
    }
    return true;
  }

  /** Returns the value of a line of fields, each byte as one character. */
  String value(int line) {
    return text(places[line * PLACES + 2], places[line * PLACES + 3]);
  }

  /** Returns the values of a field, joined to one list; null when it is absent. */
  @Nullable String value(String name) {
    String joined = null;
    for (int i = 0; i < fields; i++) {
      if (isNamed(i, name)) {
        joined = joined == null ? value(i) : joined + ", " + value(i);
      }
    }
    return joined;
  }

  private String text(int start, int end) {
    return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
  }

  private static ProblemException bad(String detail) {
    return new ProblemException(Status.BAD_REQUEST, detail);
  }
}
