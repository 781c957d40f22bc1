package io.smache.node.http;

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
 * A body too large for a connection's buffers, sent as its client takes it without a thread that
 * waits for that. In slices: a server keeps what a client does not take of a slice. The container
 * calls one method at a time.
 */
final class Download implements WriteListener {
  private static final Logger LOG = System.getLogger(Download.class.getName());
  private static final int SLICE = 1 << 14;

  private final AsyncContext exchange;
  private final ServletOutputStream output;
  private final Queue<ByteBuffer> parts;
  private final Runnable end;

  private Download(
      AsyncContext exchange, ServletOutputStream output, List<ByteBuffer> parts, Runnable end) {
    this.exchange = exchange;
    this.output = output;
    this.parts = new ArrayDeque<>(parts);
    this.end = end;
  }

  /**
   * Sends a body whose status and fields are set, and completes the exchange.
   *
   * @param parts of the body, each backed by an array
   * @param end is run once, when the body is sent or its client is gone
   */
  static void begin(
      AsyncContext exchange, ServletOutputStream output, List<ByteBuffer> parts, Runnable end) {
    output.setWriteListener(new Download(exchange, output, parts, end));
  }

  @Override
  public void onWritePossible() throws IOException {
    while (output.isReady()) {
      ByteBuffer part = parts.peek();
      if (part == null) {
        finish();
        return;
      }
      int length = Math.min(SLICE, part.remaining());
      output.write(part.array(), part.arrayOffset() + part.position(), length);
      part.position(part.position() + length);
      if (!part.hasRemaining()) {
        parts.remove();
      }
    }
  }

  @Override
  public void onError(Throwable failure) {
    LOG.log(Level.DEBUG, "a client has gone before its answer", failure);
    finish();
  }

  private void finish() {
    end.run();
    exchange.complete();
  }
}
