package io.smache.node.rest;

import io.smache.node.api.Api;
import io.smache.node.api.message.Reply;
import io.smache.protocol.settings.Settings;
import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;

/**
 * Answers the most frequent requests without Jakarta REST: to find and call a resource costs more
 * than the request itself. Requests whose body is still on its way pass through untouched. {@code
 * WEB-INF/web.xml} says where the fast path stands, {@code SMACHE_FAST_PATH=false} that there is
 * none.
 */
public final class FastPath extends HttpFilter {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = System.getLogger(FastPath.class.getName());

  /** Members send their bodies at once. */
  private static final String INTERNAL = "/internal/";

  @Inject transient Api api;
  @Inject transient Downloads downloads;
  @Inject transient ExecutorService executor;

  private boolean open;

  /**
   * Returns whether there is to be a fast path.
   *
   * @throws io.smache.protocol.settings.SettingException when that is set wrongly
   */
  public static boolean isOpen(Settings settings) {
    return settings.flag("SMACHE_FAST_PATH", true);
  }

  @Override
  public void init() {
    open = isOpen(Settings.ofApplication());
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    ServerRequest incoming = new ServerRequest(request);
    Api.Call call = open ? api.call(incoming) : null;
    if (call == null || !call.isFrequent() || isLate(incoming, request)) {
      chain.doFilter(request, response);
      return;
    }
    CompletableFuture<Reply> reply = call.reply().toCompletableFuture();
    if (reply.isDone() && !ReplyWriter.isLarge(reply.join())) {
      ReplyWriter.write(reply.join(), response);
      return;
    }
    try {
      finish(reply, request.startAsync(request, response));
    } finally {
      CompletionGate.leave(request);
    }
  }

  private static boolean isLate(ServerRequest incoming, HttpServletRequest request)
      throws IOException {
    return !incoming.path().startsWith(INTERNAL) && Upload.isOnItsWay(request);
  }

  private void finish(CompletableFuture<Reply> reply, AsyncContext context) {
    context.setTimeout(0);
    HttpServletRequest request = (HttpServletRequest) context.getRequest();
    CompletionGate.await(request, reply, executor)
        .thenAccept(each -> ReplyWriter.send(each, context, downloads))
        .exceptionally(
            failure -> {
              LOG.log(Level.WARNING, "a request was not answered", failure);
              ReplyWriter.fail((HttpServletResponse) context.getResponse());
              context.complete();
              return null;
            });
  }
}
