package io.smache.node.front;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;

/**
 * What event loops wait with: epoll where its native library loads, else the JDK's selectors.
 *
 * @param name for people
 */
record Transport(String name, IoHandlerFactory handlers, Class<? extends ServerChannel> channel) {
  /** Returns the fastest that this machine has. */
  static Transport best() {
    return Epoll.isAvailable()
        ? new Transport("epoll", EpollIoHandler.newFactory(), EpollServerSocketChannel.class)
        : new Transport("NIO", NioIoHandler.newFactory(), NioServerSocketChannel.class);
  }
}
