package io.smache.node.front;

import io.smache.node.api.message.Request;
import io.smache.node.cluster.InFlight;
import io.smache.protocol.message.ProblemException;
import java.util.Arrays;

/** A body that is gathered as it comes. Takes memory for the bytes that came. For one thread. */
final class GatheredBody implements Chunks.Sink {
  private static final int FIRST_BYTES = 1 << 12;

  private final int most;
  private final int announced;
  private final InFlight.Share share;
  private byte[] bytes = {};
  private int length;

  /**
   * Begins without bytes.
   *
   * @param most bytes that it may have
   * @param announced bytes, -1 when it comes in chunks
   * @param share bounds the memory of all bodies on their way
   */
  GatheredBody(int most, long announced, InFlight.Share share) {
    this.most = most;
    this.announced = (int) Math.min(announced, most);
    this.share = share;
  }

  /**
   * Adds bytes.
   *
   * @throws ProblemException 413 when there are too many, 503 when too many are on their way
   */
  @Override
  public void take(byte[] from, int start, int end) {
    int more = end - start;
    if (length + (long) more > most) {
      throw Request.tooLarge(most);
    }
    if (length + more > bytes.length) {
      grow(length + more);
    }
    System.arraycopy(from, start, bytes, length, more);
    length += more;
  }

  private void grow(int needed) {
    int limit = announced < 0 ? most : announced;
    int room = Math.max(needed, Math.min(limit, Math.max(FIRST_BYTES, 2 * length)));
    if (!share.grow(room - bytes.length)) {
      throw Request.crowded();
    }
    bytes = Arrays.copyOf(bytes, room);
  }

  /** Returns all bytes, not copied when they fill their array. */
  byte[] bytes() {
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  /** Releases the memory that was reserved. May be called again. */
  void end() {
    share.end();
  }
}
