package io.smache.node.cluster.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.pool.ChannelPool;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.stream.ChunkedStream;
import io.netty.util.concurrent.Future;
import io.smache.protocol.http.Calls;
import java.io.ByteArrayInputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A call and its reply. For one event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails is told to the call
final class PeerExchange {
  /** Bytes of a body beyond which an event loop would be kept from others for too long. */
  private static final int LARGE = 1 << 16;

  private final PeerCall call;
  private final Executor executor;
  private final CompletableFuture<PeerReply> reply = new CompletableFuture<>();
  private @Nullable Channel channel;
  private @Nullable ChannelPool pool;
  private final long began = System.nanoTime();
  private @Nullable Future<?> deadline;
  private boolean done;

  /**
   * Begins without a connection.
   *
   * @param executor completes large replies
   */
  PeerExchange(PeerCall call, Executor executor) {
    this.call = call;
    this.executor = executor;
  }

  CompletableFuture<PeerReply> reply() {
    return reply;
  }

  /** Returns whether there is memory for so many more bytes of the reply. */
  boolean hasRoom(long bytes) {
    return call.room().test(bytes);
  }

  /** Sends the call on a connection that is its own until it ends. */
  void begin(Channel own, ChannelPool home, Future<?> ending) {
    if (done) {
      home.release(own);
      return;
    }
    channel = own;
    pool = home;
    deadline = ending;
    own.pipeline().get(PeerConnection.class).begin(this);
    write(own)
        .addListener(
            sent -> {
              if (!sent.isSuccess()) {
                fail(sent.cause());
              }
            });
  }

  /** A large body goes in pieces: Netty copies what it writes out of the heap. */
  private ChannelFuture write(Channel own) {
    byte[] body = call.body();
    if (body == null || body.length <= LARGE) {
      ByteBuf whole = body == null ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body);
      return own.writeAndFlush(
          described(new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method(), path(), whole)));
    }
    own.write(described(new DefaultHttpRequest(HttpVersion.HTTP_1_1, method(), path())));
    return own.writeAndFlush(
        new HttpChunkedInput(new ChunkedStream(new ByteArrayInputStream(body), LARGE)));
  }

  private HttpMethod method() {
    return call.body() == null ? HttpMethod.GET : HttpMethod.POST;
  }

  private String path() {
    String query = call.url().getRawQuery();
    return call.url().getRawPath() + (query == null ? "" : "?" + query);
  }

  private HttpRequest described(HttpRequest request) {
    byte[] body = call.body();
    request.headers().set(HttpHeaderNames.HOST, call.url().getRawAuthority());
    call.fields().forEach((name, value) -> request.headers().set(name, value));
    if (body != null) {
      request.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
    }
    return request;
  }

  /** Lets the body have its time: the head of the reply has come. */
  void read() {
    Future<?> forHead = deadline;
    Channel own = channel;
    if (done || own == null || forHead == null) {
      return;
    }
    forHead.cancel(false);
    long whole = call.timeout().plus(Calls.READING).toNanos();
    deadline =
        own.eventLoop()
            .schedule(this::late, began + whole - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  /**
   * Ends with a reply.
   *
   * @param keepsAlive whether the connection may be used again
   */
  void complete(PeerReply whole, boolean keepsAlive) {
    if (end(keepsAlive)) {
      byte[] body = whole.body();
      if (body != null && body.length > LARGE) {
        executor.execute(() -> reply.complete(whole));
      } else {
        reply.complete(whole);
      }
    }
  }

  /** Ends without a reply; the connection cannot be used again. */
  void fail(Throwable cause) {
    if (end(false)) {
      reply.completeExceptionally(cause);
    }
  }

  /** Ends because no whole reply came in time. */
  void late() {
    fail(new TimeoutException("no reply within " + call.timeout().toMillis() + " ms"));
  }

  private boolean end(boolean keepsAlive) {
    if (done) {
      return false;
    }
    done = true;
    Future<?> ending = deadline;
    if (ending != null) {
      ending.cancel(false);
    }
    Channel own = channel;
    if (own != null && pool != null) {
      if (keepsAlive) {
        pool.release(own);
      } else {
        own.close();
      }
    }
    return true;
  }
}
