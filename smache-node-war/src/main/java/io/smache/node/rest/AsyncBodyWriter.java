package io.smache.node.rest;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/**
 * Writes a large body as fast as its client reads, without a waiting thread. Writes slices, because
 * the server keeps the unsent rest of each write. The container calls one method at a time. A
 * failed write ends the answer here: not every container calls {@link #onError} for what {@link
 * #onWritePossible} throws.
 */
final class AsyncBodyWriter implements WriteListener {
  private static final Logger LOG = System.getLogger(AsyncBodyWriter.class.getName());
  private static final int SLICE = 1 << 14;

  private final AsyncContext exchange;
  private final ServletOutputStream output;
  private final Queue<ByteBuffer> parts;
  private final Runnable end;
  private boolean left;
  private boolean finished;

  private AsyncBodyWriter(
      AsyncContext exchange, ServletOutputStream output, List<ByteBuffer> parts, Runnable end) {
    this.exchange = exchange;
    this.output = output;
    this.parts = new ArrayDeque<>(parts);
    this.end = end;
  }

  /**
   * Sends a body and completes the exchange. Status and fields must be set.
   *
   * @param parts of the body, each backed by an array
   * @param end is run once: when the last bytes are given to the container, so before the client
   *     can know its answer to be complete, or when the client is gone
   */
  static void begin(
      AsyncContext exchange, ServletOutputStream output, List<ByteBuffer> parts, Runnable end) {
    output.setWriteListener(new AsyncBodyWriter(exchange, output, parts, end));
  }

  @Override
  public void onWritePossible() {
    try {
      writeWhileReady();
    } catch (IOException e) {
      onError(e);
    }
  }

  private void writeWhileReady() throws IOException {
    while (output.isReady()) {
      ByteBuffer part = parts.peek();
      if (part == null) {
        finish();
        return;
      }
      int length = Math.min(SLICE, part.remaining());
      int from = part.arrayOffset() + part.position();
      part.position(part.position() + length);
      if (!part.hasRemaining()) {
        parts.remove();
      }
      if (parts.isEmpty()) {
        leave();
      }
      output.write(part.array(), from, length);
    }
  }

  @Override
  public void onError(Throwable failure) {
    LOG.log(Level.DEBUG, "a client has gone before its answer", failure);
    finish();
  }

  /** Nothing is kept for the client from here on but what the container has. */
  private void leave() {
    if (!left) {
      left = true;
      parts.clear();
      end.run();
    }
  }

  private void finish() {
    if (!finished) {
      finished = true;
      leave();
      exchange.complete();
    }
  }
}
