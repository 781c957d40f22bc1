package io.smache.node.front;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.smache.node.api.Api;
import io.smache.node.api.metrics.Meters;
import io.smache.node.runtime.EventLoops;
import io.smache.node.runtime.NodeScoped;
import io.smache.node.runtime.Timeouts;
import io.smache.protocol.settings.SettingException;
import io.smache.protocol.settings.Settings;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The node's own listener. Thread-safe. */
@NodeScoped
public class Front {
  private static final Logger LOG = System.getLogger(Front.class.getName());
  private static final int BACKLOG = 1_024;

  /**
   * Bytes that a connection queues for a client that reads slowly; it continues below the least.
   */
  private static final WriteBufferWaterMark QUEUE = new WriteBufferWaterMark(1 << 15, 1 << 16);

  private static final long LOOK_SECONDS = 1;

  @Resource ManagedThreadFactory threads;
  @Resource ManagedScheduledExecutorService scheduler;

  private final Api api;
  private final EventLoops loops;
  private final Meters meters;
  private final FrontConfig config = FrontConfig.of(Settings.ofApplication());
  private final @Nullable Tls tls = Tls.of(Settings.ofApplication()).orElse(null);
  private @Nullable ScheduledFuture<?> looking;
  private @Nullable ChannelGroup connections;
  private @Nullable Channel listener;
  private @Nullable Work work;

  /** Takes what answers requests, the event loops that read and write, and what measures them. */
  @Inject
  public Front(Api api, EventLoops loops, Meters meters) {
    this.api = api;
    this.loops = loops;
    this.meters = meters;
  }

  /** Returns where it listens and with what, for people; empty when there is none. */
  public Optional<String> description() {
    return config
        .port()
        .map(
            port ->
                "%s:%d, %s, %s, %d loops"
                    .formatted(
                        config.bind(),
                        port,
                        tls == null ? "http" : tls.toString(),
                        loops.transport().name(),
                        loops.count()));
  }

  /**
   * Starts to listen, unless no port is set.
   *
   * @throws SettingException when the port cannot be had
   */
  public void start() {
    if (config.port().isEmpty()) {
      return;
    }
    int port = config.port().get();
    ChannelGroup open = new DefaultChannelGroup(loops.all().next());
    Work shared = new Work(api, heavy(), threads);
    connections = open;
    work = shared;
    meters.connections("http", open::size);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops.all())
            .channel(loops.transport().listener())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, QUEUE)
            .childHandler(new Connections(open, shared, tls, config.connections()));
    loops.transport().unsent().accept(bootstrap);
    ChannelFuture bound = bootstrap.bind(config.bind(), port).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new SettingException(
          "SMACHE_PORT is %d but %s cannot be listened at: %s"
              .formatted(port, config.bind(), bound.cause().getMessage()));
    }
    listener = bound.channel();
    if (tls != null) {
      looking =
          scheduler.scheduleWithFixedDelay(tls::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }
  }

  private ExecutorService heavy() {
    int most = Math.max(2, loops.count());
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            most, most, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** Stops to listen, lets requests that are under way be answered, and closes all connections. */
  public void stop() {
    if (looking != null) {
      looking.cancel(false);
    }
    if (listener != null) {
      listener.close().awaitUninterruptibly();
    }
    leave();
    if (work != null) {
      work.stop();
    }
    LOG.log(Level.DEBUG, "the front has stopped");
  }

  private void leave() {
    ChannelGroup open = connections;
    if (work == null || open == null) {
      return;
    }
    work.leave();
    long until = System.nanoTime() + Timeouts.LEAVE.toNanos();
    do {
      open.forEach(each -> each.pipeline().fireUserEventTriggered(Connection.LEAVE));
    } while (!open.newCloseFuture().awaitUninterruptibly(100) && System.nanoTime() < until);
    open.close().awaitUninterruptibly();
  }

  /** Prepares each connection. */
  private static final class Connections extends ChannelInitializer<SocketChannel> {
    private final ChannelGroup open;
    private final Work work;
    private final @Nullable Tls tls;
    private final int most;
    private final Map<EventLoop, Courtesy> courtesies = new ConcurrentHashMap<>();
    private final Map<EventLoop, Watch> watches = new ConcurrentHashMap<>();

    Connections(ChannelGroup open, Work work, @Nullable Tls tls, int most) {
      this.open = open;
      this.work = work;
      this.tls = tls;
      this.most = most;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
      if (open.size() >= most) {
        refuse(channel);
        return;
      }
      if (tls != null) {
        channel.pipeline().addLast(tls.handler(channel.alloc(), work.heavy()));
      }
      open.add(channel);
      EventLoop loop = channel.eventLoop();
      Watch watch = watches.computeIfAbsent(loop, Watch::new);
      channel.pipeline().addLast(new Connection(work, courtesy(loop), watch));
    }

    /** A handshake to say so would cost more than a request. */
    @SuppressWarnings("FutureReturnValueIgnored") // nothing is left to do when it is closed
    private void refuse(SocketChannel channel) {
      if (tls == null) {
        channel.pipeline().addLast(new Lingering());
      } else {
        channel.close();
      }
    }

    private Courtesy courtesy(EventLoop loop) {
      SingleThreadEventLoop single = (SingleThreadEventLoop) loop;
      return courtesies.computeIfAbsent(
          loop, any -> new Courtesy(single::executeAfterEventLoopIteration));
    }
  }
}
