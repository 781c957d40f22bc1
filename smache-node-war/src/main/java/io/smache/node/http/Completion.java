package io.smache.node.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletRequest;

/**
 * Completes exchanges. When a request that was dispatched is completed by the very thread that
 * began to serve it, Payara takes that thread to be still inside the request and never ends the
 * answer: another thread completes it then.
 */
final class Completion {
  private static final String BEGINNER = Completion.class.getName();

  private Completion() {}

  /** Notes that the current thread began to serve a request that will be dispatched. */
  static void begin(ServletRequest request) {
    request.setAttribute(BEGINNER, Thread.currentThread());
  }

  /** Completes an exchange, from any thread. */
  static void of(AsyncContext exchange) {
    if (exchange.getRequest().getAttribute(BEGINNER) == Thread.currentThread()) {
      exchange.start(exchange::complete);
    } else {
      exchange.complete();
    }
  }
}
