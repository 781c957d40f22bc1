package io.smache.node.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * A body too large for a connection's buffers, sent as its client takes it without a thread that
 * waits for that. The container calls one method at a time.
 */
final class Download implements WriteListener {
  private static final Logger LOG = System.getLogger(Download.class.getName());

  private final AsyncContext exchange;
  private final ServletOutputStream output;
  private final byte[] body;
  private boolean written;

  private Download(AsyncContext exchange, ServletOutputStream output, byte[] body) {
    this.exchange = exchange;
    this.output = output;
    this.body = body;
  }

  /** Sends a body whose status and fields are set, and completes the exchange. */
  static void begin(AsyncContext exchange, byte[] body) throws IOException {
    ServletOutputStream output = exchange.getResponse().getOutputStream();
    output.setWriteListener(new Download(exchange, output, body));
  }

  @Override
  public void onWritePossible() throws IOException {
    while (output.isReady()) {
      if (written) {
        exchange.complete();
        return;
      }
      written = true;
      output.write(body);
    }
  }

  @Override
  public void onError(Throwable failure) {
    LOG.log(Level.DEBUG, "a client has gone before its answer", failure);
    exchange.complete();
  }
}
