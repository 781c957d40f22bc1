package io.smache.node.front;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request that an exchange reads while it comes: an event loop adds parts, another
 * thread reads them. The loop takes no more from the client while the pipe is full.
 */
final class BodyPipe extends InputStream implements Chunks.Sink {
  private static final int FULL_BYTES = 1 << 18;
  private static final byte[] END = {};

  private final BlockingQueue<byte[]> parts = new LinkedBlockingQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final Runnable emptied;
  private volatile @Nullable IOException failure;
  private byte[] current = {};
  private int position;
  private boolean ended;

  /**
   * Begins empty.
   *
   * @param emptied is run when the pipe is no longer full
   */
  BodyPipe(Runnable emptied) {
    this.emptied = emptied;
  }

  /** Returns one that has ended without a byte. */
  static BodyPipe empty() {
    BodyPipe empty = new BodyPipe(() -> {});
    empty.end();
    return empty;
  }

  @Override
  public void take(byte[] bytes, int from, int to) {
    if (to > from) {
      waiting.addAndGet(to - from);
      parts.add(Arrays.copyOfRange(bytes, from, to));
    }
  }

  /** Returns whether no more should be added for now. */
  boolean isFull() {
    return waiting.get() >= FULL_BYTES;
  }

  /** Ends the body. */
  void end() {
    parts.add(END);
  }

  /** Ends the body with a failure: its client is gone, or sent what is malformed. */
  void fail(IOException cause) {
    failure = cause;
    parts.add(END);
  }

  @Override
  public int available() {
    return current.length - position + waiting.get();
  }

  @Override
  public int read() throws IOException {
    return fill() ? current[position++] & 0xff : -1;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int some = Math.min(length, current.length - position);
    System.arraycopy(current, position, bytes, offset, some);
    position += some;
    return some;
  }

  private boolean fill() throws IOException {
    while (position == current.length && !ended) {
      current = take();
      position = 0;
      ended = current.length == 0;
      int before = waiting.getAndAdd(-current.length);
      if (before >= FULL_BYTES && before - current.length < FULL_BYTES) {
        emptied.run();
      }
    }
    IOException cause = failure;
    if (ended && cause != null) {
      throw cause;
    }
    return !ended;
  }

  private byte[] take() throws IOException {
    try {
      return parts.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the front stops", e);
    }
  }
}
