package io.smache.node.rest;

import io.smache.node.api.message.Reply;
import io.smache.node.cluster.InFlight;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * All bodies on their way to slow clients. Bodies made for one client (parts, compressed or decoded
 * forms, lists, results of batches) are bounded together by a sixteenth of the heap; stored values
 * are shared and need no bound. Thread-safe.
 */
@ApplicationScoped
class Downloads {
  private static final int SHARE_OF_HEAP = 16;

  private final InFlight own = new InFlight(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);

  /**
   * Sends a body and completes the exchange; answers 503 instead when too many bytes are on their
   * way. Status and fields must be set.
   *
   * @param ownBytes how many of the bytes were made for this client alone
   */
  void send(
      AsyncContext exchange, HttpServletResponse response, List<ByteBuffer> parts, long ownBytes)
      throws IOException {
    InFlight.Share share = own.begin();
    if (ownBytes > 0 && !share.grow(ownBytes)) {
      share.end();
      response.reset();
      ReplyWriter.write(
          Reply.unavailable("too many large answers are on their way from this node"), response);
      exchange.complete();
      return;
    }
    try {
      AsyncBodyWriter.begin(exchange, response.getOutputStream(), parts, share::end);
    } catch (IOException | RuntimeException e) {
      share.end();
      throw e;
    }
  }
}
