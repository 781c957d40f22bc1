package io.smache.node.front;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The body of a reply that an exchange writes, each flush a chunk. Waits for its client, so only
 * for threads that are not event loops.
 */
final class StreamedBody extends OutputStream {
  /** Ends a body in chunks. */
  static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private static final int BUFFER = 1 << 13;
  private static final byte[] END = "\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Channel channel;
  private final boolean chunks;
  private final byte[] bytes = new byte[BUFFER];
  private int length;

  StreamedBody(Channel channel, boolean chunks) {
    this.channel = channel;
    this.chunks = chunks;
  }

  @Override
  public void write(int octet) throws IOException {
    if (length == bytes.length) {
      flush();
    }
    bytes[length++] = (byte) octet;
  }

  @Override
  public void write(byte[] from, int offset, int count) throws IOException {
    int done = 0;
    while (done < count) {
      if (length == bytes.length) {
        flush();
      }
      int some = Math.min(count - done, bytes.length - length);
      System.arraycopy(from, offset + done, bytes, length, some);
      length += some;
      done += some;
    }
  }

  /** Returns when the client has been sent everything. */
  @Override
  public void flush() throws IOException {
    if (length == 0) {
      return;
    }
    ByteBuf chunk = channel.alloc().ioBuffer(length + 16);
    if (chunks) {
      ByteBufUtil.writeAscii(chunk, Integer.toHexString(length));
      chunk.writeBytes(END);
    }
    chunk.writeBytes(bytes, 0, length);
    if (chunks) {
      chunk.writeBytes(END);
    }
    length = 0;
    ChannelFuture sent = channel.writeAndFlush(chunk).awaitUninterruptibly();
    if (!sent.isSuccess()) {
      throw new IOException("the client is gone", sent.cause());
    }
  }
}
