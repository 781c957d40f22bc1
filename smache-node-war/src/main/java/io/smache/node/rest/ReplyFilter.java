package io.smache.node.rest;

import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * Sends the answers of Jakarta REST as fast as their clients read, without a waiting thread: there
 * are few HTTP threads, and any number of clients that do not read. {@code WEB-INF/web.xml} says
 * where it stands.
 */
public final class ReplyFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = System.getLogger(ReplyFilter.class.getName());

  @Inject transient Downloads downloads;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    GatheredResponse gathered = new GatheredResponse(response);
    Exchange exchange = new Exchange(request, gathered);
    chain.doFilter(exchange, gathered);
    if (exchange.isAsyncStarted()) {
      return;
    }
    if (gathered.length() <= ReplyWriter.AT_ONCE) {
      gathered.writeTo(response);
    } else {
      AsyncContext context = request.startAsync(request, response);
      context.setTimeout(0);
      send(gathered, context);
    }
  }

  private void send(GatheredResponse gathered, AsyncContext context) {
    HttpServletResponse response = (HttpServletResponse) gathered.getResponse();
    try {
      if (gathered.length() > ReplyWriter.AT_ONCE) {
        downloads.send(context, response, gathered.parts(), gathered.length());
      } else {
        gathered.writeTo(response);
        context.complete();
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a client has gone before its answer", e);
      context.complete();
    }
  }

  /** A request whose answer is sent when it is completed. */
  private final class Exchange extends OpaqueRequest {
    private final GatheredResponse gathered;
    private volatile @Nullable AsyncContext sending;

    Exchange(HttpServletRequest request, GatheredResponse gathered) {
      super(request);
      this.gathered = gathered;
    }

    @Override
    public AsyncContext startAsync() {
      return startAsync(this, gathered);
    }

    @Override
    public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
      AsyncContext context = super.startAsync(request, response);
      AsyncContext wrapped = new SendingContext(context, () -> send(gathered, context));
      sending = wrapped;
      return wrapped;
    }

    @Override
    public AsyncContext getAsyncContext() {
      AsyncContext wrapped = sending;
      return wrapped == null ? super.getAsyncContext() : wrapped;
    }
  }
}
