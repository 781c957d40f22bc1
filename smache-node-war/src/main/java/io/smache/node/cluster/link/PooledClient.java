package io.smache.node.cluster.link;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.pool.AbstractChannelPoolHandler;
import io.netty.channel.pool.AbstractChannelPoolMap;
import io.netty.channel.pool.ChannelPool;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import io.smache.node.runtime.EventLoops;
import io.smache.node.runtime.Timeouts;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * Keeps connections to other nodes and gives each to one call at a time. A call that is sent on an
 * event loop stays there. Thread-safe.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails is told to the call
public final class PooledClient implements PeerClient {
  private final EventLoops loops;
  private final Executor executor;
  private final SSLContext trust;
  private final NameResolver names;
  private final AbstractChannelPoolMap<Place, ChannelPool> pools =
      new AbstractChannelPoolMap<>() {
        @Override
        protected ChannelPool newPool(Place place) {
          return pool(place);
        }
      };

  /** Connections of one event loop to one origin. */
  private record Place(EventLoop loop, Origin origin) {}

  /**
   * Begins without connections.
   *
   * @param executor for what takes long: names, certificates, and whoever awaits a large reply
   * @param trust for https
   */
  public PooledClient(EventLoops loops, Executor executor, SSLContext trust) {
    this.loops = loops;
    this.executor = executor;
    this.trust = trust;
    this.names = new NameResolver(executor);
  }

  @Override
  public CompletableFuture<PeerReply> send(PeerCall call) {
    PeerExchange exchange = new PeerExchange(call, executor);
    EventLoop here = loops.current();
    try {
      if (here == null) {
        EventLoop any = loops.all().next();
        any.execute(() -> begin(exchange, call, any));
      } else {
        begin(exchange, call, here);
      }
    } catch (RejectedExecutionException | IllegalStateException e) {
      exchange.fail(e); // the node has stopped
    }
    return exchange.reply();
  }

  @Override
  public void retain(List<URI> urls) {
    Set<Origin> origins = urls.stream().map(Origin::of).collect(Collectors.toSet());
    for (Map.Entry<Place, ChannelPool> each : pools) {
      if (!origins.contains(each.getKey().origin())) {
        pools.remove(each.getKey());
      }
    }
  }

  private void begin(PeerExchange exchange, PeerCall call, EventLoop loop) {
    ChannelPool pool = pools.get(new Place(loop, Origin.of(call.url())));
    Future<?> deadline =
        loop.schedule(exchange::late, call.timeout().toMillis(), TimeUnit.MILLISECONDS);
    pool.acquire()
        .addListener(
            (FutureListener<Channel>)
                acquired -> {
                  if (acquired.isSuccess()) {
                    exchange.begin(acquired.getNow(), pool, deadline);
                  } else {
                    deadline.cancel(false);
                    exchange.fail(acquired.cause());
                  }
                });
  }

  private ChannelPool pool(Place place) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(place.loop())
            .channel(loops.transport().client())
            .resolver(names)
            .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Timeouts.CONNECT.toMillis())
            .remoteAddress(place.origin().address());
    return new IdleConnections(bootstrap, new Connections(place.origin()));
  }

  /** Prepares each connection. */
  private final class Connections extends AbstractChannelPoolHandler {
    private final Origin origin;

    Connections(Origin origin) {
      this.origin = origin;
    }

    @Override
    public void channelCreated(Channel channel) {
      if (origin.secure()) {
        channel.pipeline().addLast(new SslHandler(engine(origin), executor));
      }
      channel
          .pipeline()
          .addLast(new IdleStateHandler(0, 0, Timeouts.LINK.toMillis(), TimeUnit.MILLISECONDS))
          .addLast(new HttpClientCodec())
          .addLast(new ChunkedWriteHandler())
          .addLast(new PeerConnection());
    }
  }

  private SSLEngine engine(Origin origin) {
    SSLEngine engine = trust.createSSLEngine(origin.address().getHostString(), origin.port());
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    engine.setUseClientMode(true);
    return engine;
  }
}
