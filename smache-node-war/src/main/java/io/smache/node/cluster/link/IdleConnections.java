package io.smache.node.cluster.link;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.pool.ChannelPoolHandler;
import io.netty.channel.pool.SimpleChannelPool;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/**
 * Idle connections, the one used last first; a connection that has been closed is none of them.
 * Thread-safe.
 */
@SuppressWarnings("FutureReturnValueIgnored") // listeners
final class IdleConnections extends SimpleChannelPool {
  private final Deque<Channel> idle = new ConcurrentLinkedDeque<>();

  /** Begins with none; makes one when none is idle. */
  IdleConnections(Bootstrap bootstrap, ChannelPoolHandler handler) {
    super(bootstrap, handler);
  }

  /** The pool would keep one that is closed until it is asked for as many. */
  @Override
  protected ChannelFuture connectChannel(Bootstrap bootstrap) {
    ChannelFuture connecting = super.connectChannel(bootstrap);
    Channel made = connecting.channel();
    made.closeFuture().addListener(closed -> idle.remove(made));
    return connecting;
  }

  @Override
  protected @Nullable Channel pollChannel() {
    return idle.pollLast();
  }

  @Override
  protected boolean offerChannel(Channel channel) {
    return idle.offer(channel);
  }

  /** Returns how many there are. */
  int count() {
    return idle.size();
  }
}
