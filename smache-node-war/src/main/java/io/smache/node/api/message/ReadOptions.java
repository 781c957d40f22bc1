package io.smache.node.api.message;

import io.smache.node.store.Version;
import io.smache.protocol.message.HttpDate;
import java.util.Optional;

/**
 * How a client wants to read a value; taken from the request before it leaves its thread.
 *
 * @param head whether it wants no body
 * @param gzip whether it accepts gzip
 * @param range value of Range, empty when it wants all
 * @param ifRange value of If-Range
 * @param ifNoneMatch value of If-None-Match: it tells which form the client has
 */
public record ReadOptions(
    boolean head,
    boolean gzip,
    Optional<String> range,
    Optional<String> ifRange,
    Optional<String> ifNoneMatch) {
  private static final String STRONG_TAG = "\"[^\"]*\"";

  /** What most requests want. */
  private static final ReadOptions PLAIN = wholeWith(false);

  private static final ReadOptions COMPRESSED = wholeWith(true);

  private static ReadOptions wholeWith(boolean gzip) {
    return new ReadOptions(false, gzip, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * Reads the fields.
   *
   * @throws io.smache.protocol.message.ProblemException 400 naming the field that is malformed
   */
  public static ReadOptions of(Request request, boolean head) {
    Optional<String> range =
        head ? Optional.empty() : value(request, FieldName.RANGE).filter(Ranges::isBytes);
    Optional<String> ifRange = value(request, FieldName.IF_RANGE);
    ifRange.ifPresent(ReadOptions::check);
    range.ifPresent(field -> Ranges.parse(field, 0));
    Optional<String> ifNoneMatch = value(request, FieldName.IF_NONE_MATCH);
    if (!head && range.isEmpty() && ifRange.isEmpty() && ifNoneMatch.isEmpty()) {
      return whole(request);
    }
    return new ReadOptions(head, acceptsGzip(request), range, ifRange, ifNoneMatch);
  }

  /** Reads the fields of a request whose answer is never a part of the value. */
  public static ReadOptions whole(Request request) {
    return acceptsGzip(request) ? COMPRESSED : PLAIN;
  }

  /** Returns the tag of the form that the client has, of an entry that it has. */
  public String tagOf(Version version) {
    String compressed = Representation.compressedTag(version);
    boolean has = gzip && ifNoneMatch.map(field -> field.contains(compressed)).orElse(false);
    return has ? compressed : Representation.tag(version);
  }

  private static boolean acceptsGzip(Request request) {
    String codings = request.field(FieldName.ACCEPT_ENCODING);
    return codings != null && AcceptEncoding.acceptsGzip(codings);
  }

  private static Optional<String> value(Request request, String name) {
    return Optional.ofNullable(request.field(name));
  }

  private static void check(String ifRange) {
    boolean weak = ifRange.startsWith("W/") && ifRange.substring(2).matches(STRONG_TAG);
    if (!weak && !ifRange.matches(STRONG_TAG) && HttpDate.parse(ifRange).isEmpty()) {
      throw Fields.malformed(FieldName.IF_RANGE, ifRange, "one entity tag or an HTTP date");
    }
  }

  /**
   * Returns whether the client's part of the value is of this form of it (RFC 9110, section
   * 13.1.5). A date never proves it: two writes may be in one second.
   */
  public boolean rangeIsOf(Representation representation) {
    return ifRange.map(field -> field.equals(representation.tag())).orElse(true);
  }
}
