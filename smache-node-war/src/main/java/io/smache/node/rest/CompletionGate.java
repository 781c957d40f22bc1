package io.smache.node.rest;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Delays the answer to an asynchronous request until the request's thread has left the application.
 * Payara recycles the objects of an answered request; a thread that was still leaving then ended
 * the next request on the same connection with an empty 200. {@code WEB-INF/web.xml} says where it
 * stands.
 */
public final class CompletionGate extends HttpFilter {
  private static final long serialVersionUID = 1L;
  private static final String EXITED = CompletionGate.class.getName();

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    try {
      chain.doFilter(request, response);
    } finally {
      leave(request);
    }
  }

  /** Releases the delayed answer. */
  static void leave(HttpServletRequest request) {
    if (request.getAttribute(EXITED) instanceof CompletableFuture<?> exited) {
      exited.complete(null);
    }
  }

  /**
   * Completes as the stage does, but not before the request's thread has left. For callers inside
   * this filter, or that call {@link #leave} themselves.
   */
  static <T> CompletionStage<T> await(HttpServletRequest request, CompletionStage<T> stage) {
    return await(request, stage, Runnable::run);
  }

  /**
   * Completes as {@link #await(HttpServletRequest, CompletionStage)} does.
   *
   * @param executor runs what follows, unless the stage has ended: it may write to a slow client,
   *     and what brings the reply of another node must not wait for that
   */
  static <T> CompletionStage<T> await(
      HttpServletRequest request, CompletionStage<T> stage, Executor executor) {
    if (stage.toCompletableFuture().isDone()) {
      return stage;
    }
    return stage.thenCombineAsync(exited(request), (result, nothing) -> result, executor);
  }

  /** Whoever delays an answer to the same request waits for the same thread. */
  private static CompletableFuture<?> exited(HttpServletRequest request) {
    if (request.getAttribute(EXITED) instanceof CompletableFuture<?> known && !known.isDone()) {
      return known;
    }
    CompletableFuture<Void> exited = new CompletableFuture<>();
    request.setAttribute(EXITED, exited);
    return exited;
  }
}
