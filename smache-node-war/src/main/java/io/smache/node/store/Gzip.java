package io.smache.node.store;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;

/** The content coding gzip (RFC 9110, section 8.4.1.3; RFC 1952). */
public final class Gzip {
  /** Its name. */
  public static final String NAME = "gzip";

  /** Bytes of the trailer of a member: checksum and length. */
  private static final int TRAILER = 8;

  private static final int CHUNK = 1 << 13;

  private Gzip() {}

  /** More comes out than is allowed. */
  public static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLongException(int limit) {
      super("more than " + limit + " bytes when decoded");
    }
  }

  /** Returns the bytes compressed. */
  public static byte[] encode(byte[] plain) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length / 2);
    try (GZIPOutputStream encoding = new GZIPOutputStream(out)) {
      encoding.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /**
   * Returns the bytes decoded. Several members are one value; anything else after a member is an
   * error, because other decoders stop there.
   *
   * @param limit the most bytes that may come out
   * @throws TooLongException when more come out
   * @throws IOException when the bytes are not gzip from the first to the last
   */
  public static byte[] decode(byte[] encoded, int limit) throws IOException {
    byte[] plain = new byte[decodedLength(encoded, limit)];
    try (Decoding decoding = new Decoding(encoded)) {
      decoding.readNBytes(plain, 0, plain.length);
    }
    return plain;
  }

  /**
   * Returns how many bytes come out when the bytes are decoded, none of which are kept: a kilobyte
   * may stand for a megabyte.
   *
   * @param limit the most bytes that may come out
   * @throws TooLongException when more come out
   * @throws IOException when the bytes are not gzip from the first to the last
   */
  public static int decodedLength(byte[] encoded, int limit) throws IOException {
    try (Decoding decoding = new Decoding(encoded)) {
      byte[] some = new byte[CHUNK];
      long length = 0;
      for (int read = decoding.read(some); read >= 0; read = decoding.read(some)) {
        length += read;
        if (length > limit) {
          throw new TooLongException(limit);
        }
      }
      if (!decoding.isAtEnd()) {
        throw new ZipException("there is something after the end of the gzip data");
      }
      return (int) length;
    }
  }

  /** Has all input in its buffer from the start, and so can tell what it left unread. */
  private static final class Decoding extends GZIPInputStream {
    Decoding(byte[] encoded) throws IOException {
      super(new ByteArrayInputStream(encoded), Math.max(1, encoded.length));
    }

    boolean isAtEnd() {
      return inf.getRemaining() == TRAILER;
    }
  }
}
