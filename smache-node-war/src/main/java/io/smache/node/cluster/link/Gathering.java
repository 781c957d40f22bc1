package io.smache.node.cluster.link;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.function.LongPredicate;

/** The body of a reply that is coming. For one thread. */
final class Gathering {
  /** The most bytes of a body. */
  static final int MAX = Integer.MAX_VALUE - Long.BYTES;

  private byte[] bytes;
  private int size;

  /** Expects so many bytes; more may come. */
  Gathering(int expected) {
    bytes = new byte[expected];
  }

  /** Adds what came; returns whether there is room for it. */
  boolean add(ByteBuf more, LongPredicate room) {
    int count = more.readableBytes();
    int missing = size + count - bytes.length;
    if (missing > 0) {
      int grown = Math.max(2 * bytes.length, size + count);
      if (size + (long) count > MAX || !room.test(grown - bytes.length)) {
        return false;
      }
      bytes = Arrays.copyOf(bytes, grown);
    }
    more.readBytes(bytes, size, count);
    size += count;
    return true;
  }

  /** Returns all that came. */
  byte[] bytes() {
    return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
  }
}
