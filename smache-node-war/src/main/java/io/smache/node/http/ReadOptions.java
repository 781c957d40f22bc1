package io.smache.node.http;

import io.smache.node.store.Version;
import io.smache.protocol.http.HttpDate;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Optional;

/**
 * How a client wants to read a value; taken from the request before it leaves its thread.
 *
 * @param head whether it wants no body
 * @param gzip whether it takes gzip
 * @param range value of Range, empty when it wants all
 * @param ifRange value of If-Range
 * @param ifNoneMatch value of If-None-Match: it tells which form the client has
 */
record ReadOptions(
    boolean head,
    boolean gzip,
    Optional<String> range,
    Optional<String> ifRange,
    Optional<String> ifNoneMatch) {
  private static final String STRONG_TAG = "\"[^\"]*\"";

  /**
   * Reads the fields.
   *
   * @throws io.smache.protocol.http.ProblemException 400 naming the field that is malformed
   */
  static ReadOptions of(HttpServletRequest request, boolean head) {
    Optional<String> range =
        head ? Optional.empty() : Fields.value(request, "Range").filter(Ranges::isBytes);
    Optional<String> ifRange = Fields.value(request, "If-Range");
    ifRange.ifPresent(ReadOptions::check);
    range.ifPresent(field -> Ranges.parse(field, 0));
    Optional<String> ifNoneMatch = Fields.value(request, HttpHeaders.IF_NONE_MATCH);
    return new ReadOptions(head, takesGzip(request), range, ifRange, ifNoneMatch);
  }

  /** Reads the fields of a request whose answer is never a part of the value. */
  static ReadOptions whole(HttpServletRequest request) {
    return new ReadOptions(
        false, takesGzip(request), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Returns the tag of the form that the client has, of an entry that it has. */
  String tagOf(Version version) {
    String compressed = Representation.compressedTag(version);
    boolean has = gzip && ifNoneMatch.map(field -> field.contains(compressed)).orElse(false);
    return has ? compressed : Representation.tag(version);
  }

  private static boolean takesGzip(HttpServletRequest request) {
    return Fields.value(request, HttpHeaders.ACCEPT_ENCODING)
        .map(AcceptEncoding::takesGzip)
        .orElse(false);
  }

  private static void check(String ifRange) {
    boolean weak = ifRange.startsWith("W/") && ifRange.substring(2).matches(STRONG_TAG);
    if (!weak && !ifRange.matches(STRONG_TAG) && HttpDate.parse(ifRange).isEmpty()) {
      throw Fields.malformed("If-Range", ifRange, "one entity tag or an HTTP date");
    }
  }

  /**
   * Returns whether the client's part of the value is of this form of it (RFC 9110, section
   * 13.1.5). A date never proves it: two writes may be in one second.
   */
  boolean rangeIsOf(Representation representation) {
    return ifRange.map(field -> field.equals(representation.tag())).orElse(true);
  }
}
