package io.smache.node.front;

import io.smache.node.api.Api;
import io.smache.node.api.message.Exchange;
import io.smache.node.api.message.Reply;
import io.smache.node.cluster.InFlight;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/** What all connections share. Thread-safe. */
final class Work {
  private static final Logger LOG = System.getLogger(Work.class.getName());

  /** A sixteenth of the heap for bodies that exist for one client alone. */
  private static final int SHARE_OF_HEAP = 16;

  private final Api api;
  private final ExecutorService heavy;
  private final ThreadFactory threads;
  private final InFlight bodies = InFlight.ofHeap();
  private final InFlight own = new InFlight(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
  private volatile boolean leaving;

  /**
   * Takes what answers.
   *
   * @param heavy runs requests that would keep an event loop from others
   * @param threads for exchanges, which wait for their clients
   */
  Work(Api api, ExecutorService heavy, ThreadFactory threads) {
    this.api = api;
    this.heavy = heavy;
    this.threads = threads;
  }

  Api api() {
    return api;
  }

  /** Returns what runs what would keep an event loop from others. */
  Executor heavy() {
    return heavy;
  }

  /** Returns the bound of bodies on their way to this node. */
  InFlight bodies() {
    return bodies;
  }

  /** Returns the bound of large bodies that exist for one client alone. */
  InFlight own() {
    return own;
  }

  /** Returns whether the front ends: each connection after its next reply. */
  boolean isLeaving() {
    return leaving;
  }

  /** Lets connections end. */
  void leave() {
    leaving = true;
  }

  /** Answers a request on another thread. */
  void answer(FrontRequest request, Api.Call call, Consumer<CompletionStage<Reply>> answered) {
    heavy.execute(
        () -> {
          try {
            answered.accept(call.reply());
          } finally {
            request.end();
          }
        });
  }

  /**
   * Runs an exchange on a thread of its own.
   *
   * @param ended is told whether it came to its end
   */
  void run(Exchange exchange, InputStream in, OutputStream out, Consumer<Boolean> ended) {
    threads
        .newThread(
            () -> {
              boolean complete = false;
              try {
                exchange.run(in, out);
                out.flush();
                complete = true;
              } catch (IOException e) {
                LOG.log(Level.DEBUG, "the client of an exchange is gone", e);
              } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "an exchange failed unexpectedly", e);
              } finally {
                ended.accept(complete);
              }
            })
        .start();
  }

  /** Runs nothing more. */
  void stop() {
    heavy.shutdownNow();
  }
}
