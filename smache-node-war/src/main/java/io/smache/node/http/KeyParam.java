package io.smache.node.http;

import io.smache.protocol.http.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Response.Status;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The parameter {@code key} of a query, decoded to bytes. The servers' own decoding turns every
 * byte that is no UTF-8 into the same sign, and so would let two keys meet. Bytes that a client did
 * not percent-encode arrive as one char each and are taken as they are.
 */
final class KeyParam {
  private static final String NAME = "key";

  private KeyParam() {}

  /**
   * Returns the bytes of the key, or empty when the query has none.
   *
   * @throws ProblemException 400 when it is there twice or its percent-encoding is malformed
   */
  static Optional<byte[]> of(HttpServletRequest request) {
    return of(request.getQueryString());
  }

  static Optional<byte[]> of(@Nullable String rawQuery) {
    Optional<byte[]> key = Optional.empty();
    for (String pair : rawQuery == null ? new String[0] : rawQuery.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      if (!name.equals(NAME)) {
        continue;
      }
      if (key.isPresent()) {
        throw new ProblemException(Status.BAD_REQUEST, "the parameter key is given twice");
      }
      key = Optional.of(equals < 0 ? new byte[0] : decode(pair.substring(equals + 1)));
    }
    return key;
  }

  private static byte[] decode(String encoded) {
    try {
      return URLDecoder.decode(encoded, StandardCharsets.ISO_8859_1)
          .getBytes(StandardCharsets.ISO_8859_1);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(
          Status.BAD_REQUEST, "the parameter key is not percent-encoded as it should be");
    }
  }
}
