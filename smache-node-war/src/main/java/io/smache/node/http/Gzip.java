package io.smache.node.http;

import io.smache.protocol.http.ProblemException;
import jakarta.ws.rs.core.Response.Status;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** The content coding gzip (RFC 9110, section 8.4.1.3). */
final class Gzip {
  /** Its name. */
  static final String NAME = "gzip";

  private Gzip() {}

  static byte[] encode(byte[] plain) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length / 2);
    try (GZIPOutputStream encoding = new GZIPOutputStream(out)) {
      encoding.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /**
   * Decodes.
   *
   * @param limit the most bytes that may come out
   * @throws ProblemException 400 when the bytes are not gzip, 413 when more come out
   */
  static byte[] decode(byte[] encoded, int limit) {
    try (GZIPInputStream decoding = new GZIPInputStream(new ByteArrayInputStream(encoded))) {
      byte[] plain = decoding.readNBytes(limit);
      if (plain.length == limit && decoding.read() >= 0) {
        throw new ProblemException(
            Status.REQUEST_ENTITY_TOO_LARGE,
            "the body may have at most " + limit + " bytes when it is decoded");
      }
      return plain;
    } catch (IOException e) {
      throw new ProblemException(
          Status.BAD_REQUEST, "Content-Encoding is 'gzip' but the body is not");
    }
  }
}
