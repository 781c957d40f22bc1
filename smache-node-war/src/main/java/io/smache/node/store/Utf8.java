package io.smache.node.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Checks UTF-8 strictly (RFC 3629: no overlong forms, no surrogates). */
public final class Utf8 {
  private static final int CHUNK = 1024;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  /** The first bit of each byte. */
  private static final long NOT_ASCII = 0x8080808080808080L;

  private Utf8() {}

  /** Returns the index of the first byte that is no UTF-8, or -1 when all are. */
  public static int malformedAt(byte[] bytes) {
    int ascii = asciiBytes(bytes);
    return ascii == bytes.length ? -1 : malformedAt(ByteBuffer.wrap(bytes).position(ascii));
  }

  /** Returns how many bytes from the start are ASCII. */
  private static int asciiBytes(byte[] bytes) {
    int at = 0;
    while (at <= bytes.length - Long.BYTES && ((long) LONGS.get(bytes, at) & NOT_ASCII) == 0) {
      at += Long.BYTES;
    }
    while (at < bytes.length && bytes[at] >= 0) {
      at++;
    }
    return at;
  }

  private static int malformedAt(ByteBuffer in) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer out = CharBuffer.allocate(Math.min(CHUNK, in.remaining() + 1));
    CoderResult result;
    do {
      out.clear();
      result = decoder.decode(in, out, true);
    } while (result.isOverflow());
    return result.isError() ? in.position() : -1;
  }
}
