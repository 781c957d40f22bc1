package io.smache.node.runtime;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.RejectedExecutionHandlers;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
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
    group = new Loops(count, fast, transport.handlers());
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

  /**
   * Loops that read and write between tasks, however many there are: when thousands of slow clients
   * run out of time at once, others do not wait until all are dealt with.
   */
  private static final class Loops extends MultiThreadIoEventLoopGroup {
    private static final long MOST_MILLIS_OF_TASKS = 1;

    Loops(int count, ThreadFactory threads, IoHandlerFactory handlers) {
      super(count, threads, handlers);
    }

    @Override
    protected IoEventLoop newChild(
        Executor executor, IoHandlerFactory handlers, Object... arguments) {
      return new SingleThreadIoEventLoop(
          this,
          executor,
          handlers,
          Integer.MAX_VALUE,
          RejectedExecutionHandlers.reject(),
          MOST_MILLIS_OF_TASKS);
    }
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
