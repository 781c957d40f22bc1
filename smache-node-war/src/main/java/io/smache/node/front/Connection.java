package io.smache.node.front;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.smache.node.api.Api;
import io.smache.node.api.message.Exchange;
import io.smache.node.api.message.FieldName;
import io.smache.node.api.message.Reply;
import io.smache.protocol.message.Methods;
import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One connection: decodes requests, lets the API answer them, and sends the replies in order. Reads
 * no more while its client does not read, while many replies are pending, and while a request must
 * wait for those before it: one that may change something, or follows such (RFC 9112, section
 * 9.3.2). For one event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes the channel
final class Connection extends ChannelInboundHandlerAdapter {
  /** Ends a connection that waits for its next request. */
  static final Object LEAVE = new Object();

  private static final Logger LOG = System.getLogger(Connection.class.getName());

  /** Requests with longer bodies are answered by other threads. */
  private static final int LIGHT_BYTES = 1 << 16;

  private static final byte[] CONTINUE =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Work work;
  private final Courtesy courtesy;
  private final Watch watch;
  private final Outgoing outgoing;
  private final Received received = new Received();
  private @Nullable Incoming incoming;
  private String remoteAddress = "";

  /** Whether {@link #decode} is at work: what it causes may want to go on decoding. */
  private boolean decoding;

  /** Whether the next request waits until all replies before it are sent. */
  private boolean barrier;

  /** Whether no further request is read: the last reply closes the connection. */
  private boolean last;

  /** Whether the client may still be sending what nobody will read. */
  private boolean lingers;

  /** Whether the last reply is sent. */
  private boolean ended;

  /** When the connection began to be as it is, in ns. */
  private long since = System.nanoTime();

  /**
   * Begins before its channel is active.
   *
   * @param courtesy of the event loop
   * @param watch of the event loop
   */
  Connection(Work work, Courtesy courtesy, Watch watch) {
    this.work = work;
    this.courtesy = courtesy;
    this.watch = watch;
    this.outgoing = new Outgoing(work.own());
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    if (context.channel().remoteAddress() instanceof InetSocketAddress remote) {
      remoteAddress = remote.getAddress().getHostAddress();
    }
    watch.add(() -> look(context));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      if (!last) {
        if (isIdle()) {
          since = System.nanoTime();
        }
        received.add(bytes);
        decode(context);
      }
    } finally {
      bytes.release();
    }
  }

  private void decode(ChannelHandlerContext context) {
    if (decoding) {
      return;
    }
    decoding = true;
    try {
      boolean more = true;
      while (more && !last && received.isReadable() && !isHeldUp(context)) {
        more = incoming == null ? begin(context) : goOn(context, incoming);
      }
    } catch (ProblemException e) {
      refuse(context, Reply.problem(e));
    } finally {
      decoding = false;
      received.keep();
    }
    if (last) {
      received.clear();
    }
    context.channel().config().setAutoRead(!isHeldUp(context));
  }

  private boolean isHeldUp(ChannelHandlerContext context) {
    if (last) {
      return false;
    }
    if (outgoing.size() == 0) {
      barrier = false;
    }
    return barrier
        || outgoing.isFull()
        || !context.channel().isWritable()
        || (incoming != null && incoming.sink() instanceof BodyPipe pipe && pipe.isFull());
  }

  /** Begins a request; returns false when its head is not complete, or it has to wait. */
  private boolean begin(ChannelHandlerContext context) {
    if (received.skipEmptyLine()) {
      return true;
    }
    int end = received.endOfHead();
    if (end < 0) {
      return false;
    }
    Head head = received.head(end);
    Framing framing = Framing.of(head);
    boolean safe = Methods.isSafe(head.method()) && !framing.hasBody();
    if (outgoing.size() > 0 && (!safe || outgoing.isUnsafe())) {
      barrier = true;
      return false;
    }
    FrontRequest request = FrontRequest.of(head, framing.length(), remoteAddress);
    Api.Call call = work.api().call(request);
    received.skipTo(end);
    if (!framing.hasBody()) {
      dispatch(context, request, call, safe, framing.keepsAlive());
    } else {
      awaitBody(context, request, call, framing);
    }
    return true;
  }

  private void awaitBody(
      ChannelHandlerContext context, FrontRequest request, Api.Call call, Framing framing) {
    int most = call.mostBytes();
    if (framing.length() > most) {
      request.keep();
      lingers = true;
      dispatch(context, request, call, false, false);
      return;
    }
    if (call.isStream()) {
      begin(context, request, call, framing);
      return;
    }
    int length = (int) framing.length();
    if (length > 0 && received.size() >= length) {
      request.body(received.take(length));
      dispatch(context, request, call, false, framing.keepsAlive());
      return;
    }
    request.keep();
    since = System.nanoTime();
    incoming =
        new Incoming(
            request,
            call,
            framing,
            new GatheredBody(most, framing.length(), work.bodies().begin()));
    sendContinue(context, framing);
  }

  private void sendContinue(ChannelHandlerContext context, Framing framing) {
    if (framing.awaitsContinue()) {
      outgoing.flush(context);
      context.writeAndFlush(Unpooled.wrappedBuffer(CONTINUE));
    }
  }

  /** Begins a request that is answered while its body comes. */
  private void begin(
      ChannelHandlerContext context, FrontRequest request, Api.Call call, Framing framing) {
    request.keep();
    BodyPipe pipe = new BodyPipe(() -> context.executor().execute(() -> resume(context)));
    incoming = new Incoming(request, call, framing, pipe);
    sendContinue(context, framing);
    Pending asked = outgoing.add(persistence(request, framing.keepsAlive()), false);
    asked.body(pipe);
    settle(context, asked, call.reply());
  }

  /** Reads more of a body; returns false when all that came is read. */
  private boolean goOn(ChannelHandlerContext context, Incoming gathering) {
    received.pass(gathering);
    if (!gathering.isDone()) {
      return false;
    }
    incoming = null;
    if (gathering.sink() instanceof GatheredBody body) {
      FrontRequest request = gathering.request();
      request.body(body);
      dispatch(context, request, gathering.call(), false, gathering.keepsAlive());
    } else if (gathering.sink() instanceof BodyPipe pipe) {
      pipe.end();
      last = !gathering.keepsAlive();
    }
    return true;
  }

  private ReplyEncoder.Persistence persistence(FrontRequest request, boolean keepsAlive) {
    boolean close = !keepsAlive || work.isLeaving();
    return new ReplyEncoder.Persistence(close, request.isHttp10());
  }

  private void dispatch(
      ChannelHandlerContext context,
      FrontRequest request,
      Api.Call call,
      boolean safe,
      boolean keepsAlive) {
    since = System.nanoTime();
    ReplyEncoder.Persistence persistence = persistence(request, keepsAlive);
    last = persistence.close();
    Pending asked = outgoing.add(persistence, safe);
    if (request.isOfServer()) {
      answer(context, asked, Reply.of(Status.NO_CONTENT).with(FieldName.ALLOW, Methods.SUPPORTED));
    } else if (request.size() <= LIGHT_BYTES && call.isLight()) {
      settle(context, asked, call.reply());
      request.end();
    } else {
      request.keep();
      work.answer(request, call, reply -> await(context, asked, reply.toCompletableFuture()));
    }
  }

  private void settle(
      ChannelHandlerContext context, Pending asked, CompletionStage<Reply> replied) {
    CompletableFuture<Reply> reply = replied.toCompletableFuture();
    if (reply.isDone()) {
      answer(context, asked, reply.join());
    } else {
      await(context, asked, reply);
    }
  }

  /** Lets the event loop send a reply that another thread makes. */
  private void await(ChannelHandlerContext context, Pending asked, CompletableFuture<Reply> reply) {
    reply.whenComplete(
        (each, failure) ->
            context.executor().execute(() -> answered(context, asked, each, failure)));
  }

  private void answered(
      ChannelHandlerContext context,
      Pending asked,
      @Nullable Reply reply,
      @Nullable Throwable failure) {
    if (reply == null) {
      LOG.log(Level.WARNING, "a request was not answered", failure);
      context.close();
      return;
    }
    answer(context, asked, reply);
    resume(context);
  }

  private void answer(ChannelHandlerContext context, Pending asked, Reply reply) {
    if (!context.channel().isActive()) {
      asked.answer(reply, null);
      asked.end();
      return;
    }
    if (incoming != null && incoming.sink() instanceof BodyPipe && reply.exchange() == null) {
      incoming = null;
      lingers = true;
      asked.closeAfterwards();
      last = true;
    }
    if (reply.exchange() != null && !asked.persistence().chunks()) {
      asked.closeAfterwards();
    }
    outgoing.answer(asked, reply);
    write(context);
  }

  private void refuse(ChannelHandlerContext context, Reply reply) {
    Incoming gathering = incoming;
    incoming = null;
    last = true;
    lingers = true;
    if (gathering != null && gathering.sink() instanceof BodyPipe pipe) {
      pipe.fail(new IOException("the body is malformed"));
      return;
    }
    if (gathering != null && gathering.sink() instanceof GatheredBody body) {
      body.end();
    }
    outgoing.answer(outgoing.add(new ReplyEncoder.Persistence(true, false), false), reply);
    write(context);
  }

  /** Writes what is ready. */
  private void write(ChannelHandlerContext context) {
    Pending asked = outgoing.write(context);
    Reply reply = asked == null ? null : asked.reply();
    Exchange exchange = reply == null ? null : reply.exchange();
    if (asked != null && exchange != null) {
      run(context, asked, exchange);
    }
  }

  private void run(ChannelHandlerContext context, Pending asked, Exchange exchange) {
    outgoing.flush(context);
    StreamedBody out = new StreamedBody(context.channel(), asked.persistence().chunks());
    work.run(
        exchange,
        asked.body(),
        out,
        complete -> context.executor().execute(() -> ended(context, asked, complete)));
  }

  private void ended(ChannelHandlerContext context, Pending asked, boolean complete) {
    if (!complete || !context.channel().isActive()) {
      context.close();
      return;
    }
    if (incoming != null) {
      incoming = null;
      last = true;
      lingers = true;
      asked.closeAfterwards();
    }
    outgoing.endExchange(context, asked);
    resume(context);
  }

  /** Goes on after something that held it up. */
  private void resume(ChannelHandlerContext context) {
    if (!context.channel().isActive()) {
      return;
    }
    write(context);
    decode(context);
    send(context);
  }

  private void send(ChannelHandlerContext context) {
    outgoing.flush(context);
    courtesy.yieldLater();
    if (outgoing.isClosed()) {
      end(context);
    }
  }

  /** Closes after the last reply. */
  private void end(ChannelHandlerContext context) {
    if (ended) {
      return;
    }
    ended = true;
    ChannelFuture sent = context.writeAndFlush(Unpooled.EMPTY_BUFFER);
    if (lingers) {
      Lingering.end(context, sent);
    } else {
      sent.addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    send(context);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    since = System.nanoTime();
    if (context.channel().isWritable()) {
      context.executor().execute(() -> resume(context));
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == LEAVE && isIdle()) {
      context.close();
    }
  }

  private boolean isIdle() {
    return outgoing.size() == 0 && incoming == null && !received.isReadable();
  }

  /** Looks whether the client has been slow for too long; returns whether it is still there. */
  private boolean look(ChannelHandlerContext context) {
    if (!context.channel().isActive()) {
      return false;
    }
    Phase phase = phase(context);
    if (phase.isOver(System.nanoTime() - since)) {
      end(context, phase);
    }
    return true;
  }

  private void end(ChannelHandlerContext context, Phase phase) {
    if (!phase.isOfRequest()) {
      context.close();
    } else if (!last) {
      refuse(context, Reply.problem(Status.REQUEST_TIMEOUT, phase.lateness()));
      send(context);
    }
  }

  private Phase phase(ChannelHandlerContext context) {
    if (incoming != null && incoming.sink() instanceof GatheredBody) {
      return Phase.BODY;
    }
    if (outgoing.size() > 0) {
      return context.channel().isWritable() ? Phase.ANSWER : Phase.READER;
    }
    return received.isReadable() ? Phase.HEAD : Phase.IDLE;
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    Incoming unfinished = incoming;
    incoming = null;
    last = true;
    if (unfinished != null && unfinished.sink() instanceof GatheredBody body) {
      body.end();
    } else if (unfinished != null && unfinished.sink() instanceof BodyPipe pipe) {
      pipe.fail(new IOException("the client is gone"));
    }
    received.clear();
    outgoing.end();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    boolean usual = cause instanceof IOException || cause.getCause() instanceof SSLException;
    LOG.log(usual ? Level.DEBUG : Level.WARNING, "a connection failed", cause);
    context.close();
  }
}
