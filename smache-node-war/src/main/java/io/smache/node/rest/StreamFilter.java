package io.smache.node.rest;

import io.smache.node.api.Api;
import io.smache.node.api.message.Exchange;
import io.smache.node.api.message.Reply;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Runs exchanges, which read and write at the same time, each on a thread of its own. In front of
 * Jakarta REST and not in it, because Jersey keeps the first kilobytes of an answer back however
 * often it is flushed. {@code WEB-INF/web.xml} says where it stands.
 */
public final class StreamFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = System.getLogger(StreamFilter.class.getName());

  @Inject transient Api api;
  @Resource transient ManagedThreadFactory threads;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    ServerRequest incoming = new ServerRequest(request);
    Api.Call call = api.call(incoming);
    if (!call.isStream()) {
      chain.doFilter(request, response);
      return;
    }
    InputStream in = request.getInputStream();
    CompletableFuture<Reply> reply = call.reply().toCompletableFuture();
    if (reply.isDone() && reply.join().exchange() == null) {
      ReplyWriter.write(reply.join(), response);
      return;
    }
    AsyncContext context = request.startAsync();
    context.setTimeout(0);
    CompletableFuture<Void> done = new CompletableFuture<>();
    CompletionGate.await(request, done).thenRun(context::complete);
    reply
        .thenAccept(each -> threads.newThread(() -> answer(each, in, response, done)).start())
        .exceptionally(failure -> fail(failure, done));
  }

  private static void answer(
      Reply reply, InputStream in, HttpServletResponse response, CompletableFuture<Void> done) {
    try {
      Exchange exchange = reply.exchange();
      if (exchange == null) {
        ReplyWriter.write(reply, response);
      } else {
        ReplyWriter.begin(reply, response);
        exchange.run(in, response.getOutputStream());
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the client of an exchange is gone", e);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "an exchange failed unexpectedly", e);
    } finally {
      done.complete(null);
    }
  }

  private static @Nullable Void fail(Throwable failure, CompletableFuture<Void> done) {
    LOG.log(Level.ERROR, "an exchange was not begun", failure);
    done.complete(null);
    return null;
  }
}
