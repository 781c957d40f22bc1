package io.smache.node.front;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Ends a connection whose client may still be sending: it would be told of a reset before it has
 * read the reply (RFC 9112, section 9.6), so what it sends is taken for a while. As a handler,
 * refuses a connection that is one too many.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes the channel
final class Lingering extends ChannelInboundHandlerAdapter {
  private static final int SECONDS = 2;
  private static final byte[] TOO_MANY =
      """
      HTTP/1.1 503 Service Unavailable\r
      Retry-After: 1\r
      Content-Length: 0\r
      Connection: close\r
      \r
      """
          .getBytes(StandardCharsets.US_ASCII);

  /**
   * Closes a connection in a while.
   *
   * @param sent is done when all replies are sent
   */
  static void end(ChannelHandlerContext context, ChannelFuture sent) {
    sent.addListener(done -> shutdownOutput(context.channel()));
    context.executor().schedule(() -> context.close(), SECONDS, TimeUnit.SECONDS);
  }

  /** With TLS, the client is told in its own words first. */
  private static void shutdownOutput(Channel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls != null) {
      tls.closeOutbound();
    } else if (channel instanceof DuplexChannel duplex) {
      duplex.shutdownOutput();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    end(context, context.writeAndFlush(Unpooled.wrappedBuffer(TOO_MANY)));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ((ByteBuf) message).release();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
