package io.smache.node.rest;

import io.smache.node.api.message.Request;
import io.smache.protocol.message.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Reads bodies of requests up to a limit. */
final class Body {
  private Body() {}

  /**
   * Returns the whole body.
   *
   * @param limit the most bytes it may have
   * @throws ProblemException 413 when it is longer; also by its Content-Length, before a byte is
   *     read
   */
  static byte[] read(HttpServletRequest request, int limit) throws IOException {
    refuseAnnounced(request, limit);
    byte[] uploaded = Upload.of(request);
    if (uploaded != null) {
      return allowed(uploaded, limit);
    }
    int announced = request.getContentLength();
    return announced >= 0
        ? read(request.getInputStream(), announced)
        : readToTheEnd(request.getInputStream(), limit);
  }

  private static byte[] read(InputStream stream, int length) throws IOException {
    byte[] body = new byte[length];
    int read = stream.readNBytes(body, 0, length);
    if (read < length) {
      throw new EOFException("the client sent %d of %d bytes".formatted(read, length));
    }
    return body;
  }

  private static byte[] readToTheEnd(InputStream stream, int limit) throws IOException {
    byte[] body = stream.readNBytes(limit);
    if (body.length == limit && stream.read() >= 0) {
      throw Request.tooLarge(limit);
    }
    return body;
  }

  private static byte[] allowed(byte[] body, int limit) {
    if (body.length > limit) {
      throw Request.tooLarge(limit);
    }
    return body;
  }

  /**
   * Checks the Content-Length of a request.
   *
   * @throws ProblemException 413 when it is more than the limit
   */
  private static void refuseAnnounced(HttpServletRequest request, int limit) {
    if (request.getContentLengthLong() > limit) {
      throw Request.tooLarge(limit);
    }
  }
}
