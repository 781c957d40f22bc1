package io.smache.node.runtime;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The event loops of this node: they serve the front and the links to other nodes, so that what
 * comes by one and goes by the other stays on one thread. Thread-safe.
 */
public final class EventLoops {
  private static final Logger LOG = System.getLogger(EventLoops.class.getName());

  private final Transport transport = Transport.best();
  private final int count;
  private final EventLoopGroup group;
  private final EventLoop[] each;

  /**
   * Makes them; each starts when it is used.
   *
   * @param count how many, from 1
   * @param threads which they run on; Netty's thread locals are as fast there as in its own
   */
  public EventLoops(int count, ThreadFactory threads) {
    this.count = count;
    ThreadFactory fast =
        task -> threads.newThread(() -> FastThreadLocalThread.runWithFastThreadLocal(task));
    group = new MultiThreadIoEventLoopGroup(count, fast, transport.handlers());
    each = new EventLoop[count];
    for (int i = 0; i < count; i++) {
      each[i] = group.next();
    }
  }

  /** Returns how many there are. */
  public int count() {
    return count;
  }

  /** Returns what they wait with. */
  public Transport transport() {
    return transport;
  }

  /** Returns all of them. */
  public EventLoopGroup all() {
    return group;
  }

  /** Returns the one that runs this; null on another thread. */
  public @Nullable EventLoop current() {
    for (EventLoop loop : each) {
      if (loop.inEventLoop()) {
        return loop;
      }
    }
    return null;
  }

  /** Ends them; nothing may use them afterwards. May be called again. */
  public void stop() {
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
    awaitNetty();
    leaveThread();
  }

  /** Removes what Netty keeps in a thread of the server: it would keep the class loader as well. */
  public static void leaveThread() {
    FastThreadLocal.removeAll();
  }

  /** Netty's own thread would keep the class loader of this WAR. */
  private static void awaitNetty() {
    try {
      GlobalEventExecutor.INSTANCE.awaitInactivity(2, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException e) {
      LOG.log(Level.TRACE, "Netty's own thread was never started", e);
    }
  }
}
