package io.smache.node.front;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.smache.node.api.message.Reply;
import io.smache.protocol.message.HttpDate;
import io.smache.protocol.message.Status;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;

/** Heads of replies as bytes of HTTP/1.1. What repeats is prepared once. Thread-safe. */
final class ReplyEncoder {
  private static final Map<Status, byte[]> LINES = lines();
  private static final byte[] CLOSE = ascii("Connection: close\r\n");
  private static final byte[] KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
  private static final byte[] LENGTH = ascii("Content-Length: ");
  private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
  private static final byte[] END = ascii("\r\n");
  private static final byte[] NOTHING = {};

  /** The text of the second that it is. Immutable, so that any loop may use it. */
  private static volatile Second second = new Second("", END);

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Second(String text, byte[] line) {}

  private ReplyEncoder() {}

  private static Map<Status, byte[]> lines() {
    Map<Status, byte[]> lines = new EnumMap<>(Status.class);
    for (Status each : Status.values()) {
      lines.put(each, ascii("HTTP/1.1 " + each.code() + " " + each.phrase() + "\r\n"));
    }
    return lines;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Writes status, fields and the empty line.
   *
   * @param connection says what becomes of the connection
   */
  static void begin(Reply reply, Persistence connection, ByteBuf out) {
    out.writeBytes(LINES.get(reply.status())).writeBytes(date());
    reply.eachField((name, value) -> field(name, value, out));
    int length = reply.contentLength();
    if (reply.exchange() != null) {
      out.writeBytes(connection.chunks() ? CHUNKED : NOTHING);
    } else if (length >= 0) {
      out.writeBytes(LENGTH);
      digits(length, out);
      out.writeBytes(END);
    }
    if (connection.close()) {
      out.writeBytes(CLOSE);
    } else if (connection.http10()) {
      out.writeBytes(KEEP_ALIVE);
    }
    out.writeBytes(END);
  }

  /**
   * What becomes of a connection after a reply.
   *
   * @param close whether it is closed
   * @param http10 whether the request was of HTTP/1.0, which closes unless it is told otherwise
   */
  record Persistence(boolean close, boolean http10) {
    /** Returns whether a body of unknown length comes in chunks. */
    boolean chunks() {
      return !http10;
    }
  }

  private static void field(String name, String value, ByteBuf out) {
    ByteBufUtil.writeAscii(out, name);
    out.writeByte(':').writeByte(' ');
    out.writeCharSequence(value, StandardCharsets.ISO_8859_1);
    out.writeBytes(END);
  }

  private static byte[] date() {
    String now = HttpDate.now();
    Second known = second;
    if (!known.text().equals(now)) {
      known = new Second(now, ascii("Date: " + now + "\r\n"));
      second = known;
    }
    return known.line();
  }

  private static void digits(int number, ByteBuf out) {
    int unit = 1;
    while (number / unit >= 10) {
      unit *= 10;
    }
    for (; unit > 0; unit /= 10) {
      out.writeByte('0' + number / unit % 10);
    }
  }
}
