package io.smache.node.http;

import io.smache.protocol.http.ProblemException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response.Status;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads the body of a request, and not a byte more than is allowed. */
final class Body {
  private Body() {}

  /**
   * Returns the whole body.
   *
   * @param limit the most bytes it may have
   * @throws ProblemException 413 when it is longer; what it announces as its length is believed
   *     before a byte is read
   */
  static byte[] read(@Nullable InputStream stream, HttpHeaders headers, int limit)
      throws IOException {
    if (stream == null) {
      return new byte[0];
    }
    if (announced(headers) > limit) {
      throw tooLarge(limit);
    }
    byte[] body = stream.readNBytes(limit);
    if (body.length == limit && stream.read() >= 0) {
      throw tooLarge(limit);
    }
    return body;
  }

  private static long announced(HttpHeaders headers) {
    String length = headers.getHeaderString(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      throw new ProblemException(Status.BAD_REQUEST, "Content-Length is no number");
    }
  }

  private static ProblemException tooLarge(int limit) {
    return new ProblemException(
        Status.REQUEST_ENTITY_TOO_LARGE, "the body may have at most " + limit + " bytes");
  }
}
