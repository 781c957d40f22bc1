package io.smache.node.runtime;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.function.Consumer;

/**
 * What event loops wait with: epoll where its native library loads, else the JDK's selectors.
 *
 * @param name for people
 * @param handlers of the event loops
 * @param listener channel that listens
 * @param client channel that connects
 * @param unsent bounds what the system keeps of what a client does not take. Without it, that grows
 *     to megabytes for each connection, and a few thousand of them take all that the system has for
 *     TCP: then it loses packets of every connection of the machine
 */
public record Transport(
    String name,
    IoHandlerFactory handlers,
    Class<? extends ServerChannel> listener,
    Class<? extends Channel> client,
    Consumer<ServerBootstrap> unsent) {
  private static final int MOST_UNSENT = 1 << 17;

  /** Returns the fastest that this machine has. */
  static Transport best() {
    return Epoll.isAvailable()
        ? new Transport(
            "epoll",
            EpollIoHandler.newFactory(),
            EpollServerSocketChannel.class,
            EpollSocketChannel.class,
            each -> each.childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, (long) MOST_UNSENT))
        : new Transport(
            "NIO",
            NioIoHandler.newFactory(),
            NioServerSocketChannel.class,
            NioSocketChannel.class,
            each -> each.childOption(ChannelOption.SO_SNDBUF, MOST_UNSENT));
  }
}
