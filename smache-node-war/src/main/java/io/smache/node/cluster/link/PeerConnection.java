package io.smache.node.cluster.link;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A connection to another node: reads the reply to the call that has it. For one event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // nothing is left to do when it is closed
final class PeerConnection extends SimpleChannelInboundHandler<HttpObject> {
  private @Nullable PeerExchange exchange;
  private int status;
  private boolean keepsAlive;
  private @Nullable Gathering body;

  /** Lets a call have the connection until it ends. */
  void begin(PeerExchange next) {
    exchange = next;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
    PeerExchange asked = exchange;
    if (asked == null || part.decoderResult().isFailure()) {
      fail(context, new IOException("this is no reply", part.decoderResult().cause()));
      return;
    }
    if (part instanceof HttpResponse head) {
      begin(asked, head);
    }
    if (isInterim()) {
      return;
    }
    if (part instanceof HttpContent content) {
      goOn(asked, content);
    }
    if (part instanceof LastHttpContent) {
      end(asked);
    }
  }

  /** Another head follows (RFC 9110, section 15.2). */
  private boolean isInterim() {
    return status < 200;
  }

  private void begin(PeerExchange asked, HttpResponse head) {
    status = head.status().code();
    if (isInterim()) {
      return;
    }
    asked.read();
    keepsAlive = HttpUtil.isKeepAlive(head);
    long length = Math.max(0, HttpUtil.getContentLength(head, 0L));
    body = length <= Gathering.MAX && asked.hasRoom(length) ? new Gathering((int) length) : null;
  }

  private void goOn(PeerExchange asked, HttpContent content) {
    Gathering gathered = body;
    if (gathered != null && !gathered.add(content.content(), asked::hasRoom)) {
      body = null;
    }
  }

  private void end(PeerExchange asked) {
    Gathering gathered = body;
    exchange = null;
    body = null;
    asked.complete(new PeerReply(status, gathered == null ? null : gathered.bytes()), keepsAlive);
  }

  private void fail(ChannelHandlerContext context, Throwable cause) {
    PeerExchange asked = exchange;
    exchange = null;
    body = null;
    if (asked != null) {
      asked.fail(cause);
    }
    context.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    fail(context, new IOException("the connection has ended"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    fail(context, cause);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof IdleStateEvent && exchange == null) {
      context.close();
    }
  }
}
