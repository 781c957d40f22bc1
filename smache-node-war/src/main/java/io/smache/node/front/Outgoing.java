package io.smache.node.front;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.smache.node.api.message.Reply;
import io.smache.node.cluster.InFlight;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The replies of one connection, written in the order of their requests, and large ones as fast as
 * the client reads. For one event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes the channel
final class Outgoing {
  /** Smaller bodies are written behind their head: one buffer is cheaper than two. */
  private static final int SMALL = 1 << 12;

  /** Bytes of a large body that are given to the channel at a time. */
  private static final int SLICE = 1 << 15;

  private static final int MAX_PENDING = 256;
  private static final int USUAL_REPLY = 1 << 9;

  private final Deque<Pending> pending = new ArrayDeque<>(2);
  private final InFlight own;
  private @Nullable ByteBuf out;
  private boolean unsafe;
  private boolean closed;

  /** How many may be pending: one after a large reply, twice as many after each small one. */
  private int window = 1;

  /**
   * Begins without replies.
   *
   * @param own bounds the memory of large bodies that exist for one client alone
   */
  Outgoing(InFlight own) {
    this.own = own;
  }

  /** Returns how many requests have replies that are not written yet. */
  int size() {
    return pending.size();
  }

  /**
   * Returns whether no more requests should be taken for now. The replies of a client that asks for
   * large values take memory until they are sent, so it gets one after the other.
   */
  boolean isFull() {
    return pending.size() >= window;
  }

  /** Returns whether one of them may change something. */
  boolean isUnsafe() {
    return unsafe && !pending.isEmpty();
  }

  /** Returns whether the last reply of the connection is written. */
  boolean isClosed() {
    return closed;
  }

  /** Adds the next request. */
  Pending add(ReplyEncoder.Persistence persistence, boolean safe) {
    Pending asked = new Pending(persistence, safe);
    unsafe = !safe || isUnsafe();
    pending.add(asked);
    return asked;
  }

  /** Sets a reply; it becomes 503 when too much is on its way to slow clients. */
  void answer(Pending asked, Reply reply) {
    byte[] body = reply.body();
    window = body != null && body.length > SLICE ? 1 : Math.min(MAX_PENDING, 2 * window);
    if (reply.ownBytes() <= SLICE) {
      asked.answer(reply, null);
      return;
    }
    InFlight.Share share = own.begin();
    if (share.grow(reply.ownBytes())) {
      asked.answer(reply, share);
    } else {
      String detail = "too many large answers are on their way from this node";
      asked.answer(Reply.unavailable(detail), null);
    }
  }

  /**
   * Writes what is ready and what the client takes. Returns the request whose reply is an exchange
   * that has to be run now, after a flush; null when there is none.
   */
  @Nullable Pending write(ChannelHandlerContext context) {
    Pending first = pending.peek();
    while (first != null && !closed) {
      Reply reply = first.reply();
      if (reply == null) {
        return null;
      }
      boolean begins = first.begin();
      if (begins) {
        begin(context, first, reply);
      }
      if (reply.exchange() != null) {
        return begins ? first : null;
      }
      if (!writeBody(context, first, reply.body())) {
        return null;
      }
      remove(first);
      first = pending.peek();
    }
    return null;
  }

  /** Ends a reply whose body was written by an exchange. */
  void endExchange(ChannelHandlerContext context, Pending first) {
    if (first.persistence().chunks()) {
      context.write(Unpooled.wrappedBuffer(StreamedBody.LAST_CHUNK));
    }
    remove(first);
  }

  private void remove(Pending first) {
    pending.remove();
    closed = first.persistence().close();
  }

  private void begin(ChannelHandlerContext context, Pending first, Reply reply) {
    ByteBuf head = out;
    if (head == null) {
      byte[] body = reply.body();
      int room = body == null || body.length > SMALL ? 0 : body.length;
      head = context.alloc().ioBuffer(USUAL_REPLY + room);
      out = head;
    }
    ReplyEncoder.begin(reply, first.persistence(), head);
  }

  /** Returns whether all of a body is written. */
  private boolean writeBody(ChannelHandlerContext context, Pending first, byte @Nullable [] body) {
    if (body == null || body.length == 0) {
      return true;
    }
    ByteBuf head = out;
    if (body.length <= SMALL && head != null) {
      head.writeBytes(body);
      return true;
    }
    pass(context);
    while (first.written() < body.length) {
      if (!context.channel().isWritable()) {
        return false;
      }
      int from = first.written();
      int length = Math.min(SLICE, body.length - from);
      first.write(length);
      if (first.written() == body.length) {
        first.end();
      }
      context.write(Unpooled.wrappedBuffer(body, from, length), context.voidPromise());
    }
    return true;
  }

  /** Gives the channel what is gathered. */
  private void pass(ChannelHandlerContext context) {
    ByteBuf gathered = out;
    if (gathered != null) {
      out = null;
      context.write(gathered, context.voidPromise());
    }
  }

  /** Sends what was written. */
  void flush(ChannelHandlerContext context) {
    pass(context);
    context.flush();
  }

  /** Releases everything: the client is gone. */
  void end() {
    ByteBuf gathered = out;
    if (gathered != null) {
      out = null;
      gathered.release();
    }
    pending.forEach(Pending::end);
    pending.clear();
    closed = true;
  }
}
