package io.smache.node.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Keeps the answer to an asynchronous request back until the thread that brought the request has
 * left the application. Payara recycles the objects of a request when it is answered; a thread that
 * was still on its way out then ended the next request on the same connection, with an empty 200.
 * {@code WEB-INF/web.xml} says where it stands.
 */
public final class Exit extends HttpFilter {
  private static final long serialVersionUID = 1L;
  private static final String EXITED = Exit.class.getName();

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

  /** Lets go on what was kept back until now. */
  static void leave(HttpServletRequest request) {
    if (request.getAttribute(EXITED) instanceof CompletableFuture<?> exited) {
      exited.complete(null);
    }
  }

  /**
   * Completes as the stage does, but not before the request's thread has left: who calls this
   * stands behind this filter, or calls {@link #leave} itself.
   */
  static <T> CompletionStage<T> await(HttpServletRequest request, CompletionStage<T> stage) {
    if (stage.toCompletableFuture().isDone()) {
      return stage;
    }
    CompletableFuture<Void> exited = new CompletableFuture<>();
    request.setAttribute(EXITED, exited);
    return stage.thenCombine(exited, (result, nothing) -> result);
  }
}
