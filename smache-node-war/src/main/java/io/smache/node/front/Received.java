package io.smache.node.front;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.Arrays;

/**
 * Bytes of one connection that came and are not decoded yet. While they are decoded they are in an
 * array that all connections of an event loop share; only what is left gets memory of its own.
 */
final class Received {
  private static final int SHARED_BYTES = 1 << 16;
  private static final byte[] NONE = {};
  private static final FastThreadLocal<Shared> SHARED =
      new FastThreadLocal<>() {
        @Override
        protected Shared initialValue() {
          return new Shared();
        }
      };

  private byte[] bytes = NONE;
  private int from;
  private int to;

  /** From where on the end of a head has not been looked for. */
  private int line;

  /** What the connections of one event loop use in turn. */
  private static final class Shared {
    private final byte[] bytes = new byte[SHARED_BYTES];
    private final Head head = new Head();
  }

  /** Adds bytes; {@link #keep} must follow before another connection of the loop is read. */
  void add(ByteBuf more) {
    int count = more.readableBytes();
    if (!isReadable()) {
      byte[] shared = SHARED.get().bytes;
      bytes = count <= shared.length ? shared : new byte[count];
      from = 0;
      line = 0;
      to = 0;
    } else if (bytes.length - to < count) {
      int room = Math.max(2 * size(), size() + count);
      bytes = Arrays.copyOf(Arrays.copyOfRange(bytes, from, to), room);
      line -= from;
      to -= from;
      from = 0;
    }
    more.readBytes(bytes, to, count);
    to += count;
  }

  /** Gives what is left memory of its own. */
  void keep() {
    if (!isReadable()) {
      bytes = NONE;
    } else if (bytes == SHARED.get().bytes) {
      bytes = Arrays.copyOfRange(bytes, from, to);
      line -= from;
      to -= from;
      from = 0;
    }
  }

  boolean isReadable() {
    return to > from;
  }

  int size() {
    return to - from;
  }

  /** Drops everything. */
  void clear() {
    bytes = NONE;
    from = 0;
    to = 0;
  }

  /**
   * Skips an empty line before a request (RFC 9112, section 2.2); returns whether there was one.
   */
  boolean skipEmptyLine() {
    boolean empty = size() >= 2 && bytes[from] == '\r' && bytes[from + 1] == '\n';
    if (empty) {
      skipTo(from + 2);
    }
    return empty;
  }

  /**
   * Returns where the head ends that begins here, -1 when its end is not there yet.
   *
   * @throws io.smache.protocol.message.ProblemException when it cannot be one
   */
  int endOfHead() {
    int end = Head.end(bytes, from, line, to);
    if (end < 0) {
      line = Head.lastLine(bytes, from, to);
    }
    return end;
  }

  /** Returns the head that ends there; it is valid until the next is read on this event loop. */
  Head head(int end) {
    Head head = SHARED.get().head;
    head.read(bytes, from, end);
    return head;
  }

  /** Drops what is before a place. */
  void skipTo(int place) {
    from = place;
    line = place;
  }

  /** Takes a number of bytes that are here. */
  byte[] take(int count) {
    byte[] taken = Arrays.copyOfRange(bytes, from, from + count);
    skipTo(from + count);
    return taken;
  }

  /** Lets a request read of its body what is here. */
  void pass(Incoming incoming) {
    skipTo(incoming.read(bytes, from, to));
  }
}
