package io.smache.node.api.message;

import io.smache.node.store.Format;
import io.smache.node.store.Gzip;
import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The content of a request: bytes and their format.
 *
 * @param type value of Content-Type, empty when the request has none
 */
@SuppressWarnings("ArrayRecordComponent") // a message, never compared
public record Content(byte[] bytes, Optional<String> type, @Nullable String encoding) {
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
  private static final String QUOTED = "\"(?:[\\t \\x21\\x23-\\x5b\\x5d-\\x7e]|\\\\[\\t -~])*\"";
  private static final Pattern TYPE =
      Pattern.compile(
          "%1$s/%1$s(?:[ \\t]*;[ \\t]*(?:%1$s=(?:%1$s|%2$s))?)*".formatted(TOKEN, QUOTED));

  private static final int MAX_TYPE = 256;

  /** The first media types that were sent: few are in use, and they need not be parsed again. */
  private static final Set<String> SEEN = ConcurrentHashMap.newKeySet();

  private static final int MAX_SEEN = 64;

  /**
   * Reads the body of a request.
   *
   * @param limit the most bytes, also when they are decoded
   * @throws ProblemException 400 for a malformed field or coding, 413 for more bytes, 415 for
   *     another coding than gzip
   */
  public static Content read(Request request, int limit) throws IOException {
    Optional<String> type = type(request);
    String encoding = encoding(request);
    byte[] bytes = request.body(limit);
    if (encoding != null) {
      check(bytes, limit);
    }
    return new Content(bytes, type, encoding);
  }

  private static Optional<String> type(Request request) {
    Optional<String> type = Optional.ofNullable(request.field(FieldName.CONTENT_TYPE));
    type.ifPresent(value -> checked(FieldName.CONTENT_TYPE, value));
    return type;
  }

  /**
   * Returns the media type as it is.
   *
   * @param name of the field or member, for the error
   * @throws ProblemException 400 when it is none
   */
  public static String checked(String name, String type) {
    if (SEEN.contains(type)) {
      return type;
    }
    if (type.length() > MAX_TYPE || !TYPE.matcher(type).matches()) {
      throw Fields.malformed(
          name, type, "a media type of at most " + MAX_TYPE + " characters such as text/plain");
    }
    if (SEEN.size() < MAX_SEEN) {
      SEEN.add(type);
    }
    return type;
  }

  private static @Nullable String encoding(Request request) {
    Optional<String> coding =
        Optional.ofNullable(request.field(FieldName.CONTENT_ENCODING))
            .map(value -> value.toLowerCase(Locale.ROOT))
            .filter(value -> !value.equals("identity") && !value.isEmpty());
    if (coding.isEmpty()) {
      return null;
    }
    if (!coding.get().equals(Gzip.NAME) && !coding.get().equals("x-gzip")) {
      throw new ProblemException(
          Status.UNSUPPORTED_MEDIA_TYPE,
          "Content-Encoding is '%s' but must be gzip or identity".formatted(coding.get()));
    }
    return Gzip.NAME;
  }

  /** Returns the format of the bytes. */
  public Format format() {
    return type.isEmpty() && encoding == null
        ? Format.BYTES
        : Format.of(type.orElse(Format.BYTES.type()), encoding);
  }

  /** Returns the bytes without their coding. */
  public byte[] plain(int limit) {
    return encoding == null ? bytes : decoded(bytes, limit);
  }

  /**
   * Decodes gzip.
   *
   * @param limit the most bytes that may come out
   * @throws ProblemException 400 when they are something else, 413 when more come out
   */
  public static byte[] decoded(byte[] bytes, int limit) {
    try {
      return Gzip.decode(bytes, limit);
    } catch (IOException e) {
      throw refusal(e, limit);
    }
  }

  private static void check(byte[] bytes, int limit) {
    try {
      Gzip.decodedLength(bytes, limit);
    } catch (IOException e) {
      throw refusal(e, limit);
    }
  }

  private static ProblemException refusal(IOException e, int limit) {
    return e instanceof Gzip.TooLongException
        ? new ProblemException(
            Status.CONTENT_TOO_LARGE,
            "the body may have at most " + limit + " bytes when it is decoded")
        : new ProblemException(
            Status.BAD_REQUEST,
            "Content-Encoding is 'gzip' but the body is not: " + e.getMessage());
  }
}
