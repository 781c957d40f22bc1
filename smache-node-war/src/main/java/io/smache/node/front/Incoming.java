package io.smache.node.front;

import io.smache.node.api.Api;
import org.jspecify.annotations.Nullable;

/** A request whose body is still on its way. For one thread. */
final class Incoming {
  private final FrontRequest request;
  private final Api.Call call;
  private final boolean keepsAlive;
  private final Chunks.Sink sink;
  private final @Nullable Chunks chunks;
  private long left;

  /**
   * Begins before the first byte of the body.
   *
   * @param call what is at the path of the request
   * @param sink takes the body
   */
  Incoming(FrontRequest request, Api.Call call, Framing framing, Chunks.Sink sink) {
    this.request = request;
    this.call = call;
    this.keepsAlive = framing.keepsAlive();
    this.sink = sink;
    this.chunks = framing.chunked() ? new Chunks() : null;
    this.left = Math.max(0, framing.length());
  }

  FrontRequest request() {
    return request;
  }

  Api.Call call() {
    return call;
  }

  boolean keepsAlive() {
    return keepsAlive;
  }

  Chunks.Sink sink() {
    return sink;
  }

  boolean isDone() {
    return chunks == null ? left == 0 : chunks.isDone();
  }

  /**
   * Reads on; returns how far it got: less than {@code to} when the body has ended.
   *
   * @throws io.smache.protocol.message.ProblemException when the body is refused
   */
  int read(byte[] bytes, int from, int to) {
    if (chunks != null) {
      return chunks.read(bytes, from, to, sink);
    }
    int end = (int) Math.min(to, from + left);
    left -= end - from;
    sink.take(bytes, from, end);
    return end;
  }
}
