package io.smache.node.rest;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A request that continues once its body is complete, with its original target. */
final class ResumedRequest extends HttpServletRequestWrapper {
  private static final Logger LOG = System.getLogger(ResumedRequest.class.getName());

  private final Target target;
  private final AsyncContext exchange;
  private final List<AsyncListener> listeners = new CopyOnWriteArrayList<>();

  /** Set by the first of two events, reply complete and thread left; the second one finishes. */
  private final AtomicBoolean almost = new AtomicBoolean();

  private final AsyncContext again;
  private volatile boolean started;

  /** The target of a request as it was sent; a forward would decode it. */
  record Target(
      String uri,
      String url,
      @Nullable String query,
      String servletPath,
      @Nullable String pathInfo) {
    static Target of(HttpServletRequest request) {
      return new Target(
          request.getRequestURI(),
          request.getRequestURL().toString(),
          request.getQueryString(),
          request.getServletPath(),
          request.getPathInfo());
    }
  }

  ResumedRequest(HttpServletRequest request, AsyncContext exchange) {
    super(request);
    this.target = Target.of(request);
    this.exchange = exchange;
    this.again = new Again();
  }

  /**
   * Notes that the serving thread has left; only then may the server reuse the objects of the
   * request.
   */
  void leave() {
    if (!started || !almost.compareAndSet(false, true)) {
      finish();
    }
  }

  private void finish() {
    exchange.complete();
    AsyncEvent event = new AsyncEvent(exchange);
    for (AsyncListener listener : listeners) {
      try {
        listener.onComplete(event);
      } catch (IOException e) {
        LOG.log(Level.WARNING, "a listener failed", e);
      }
    }
  }

  @Override
  public AsyncContext startAsync() {
    started = true;
    return again;
  }

  @Override
  public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
    return startAsync();
  }

  @Override
  public boolean isAsyncStarted() {
    return started;
  }

  @Override
  public AsyncContext getAsyncContext() {
    if (!started) {
      throw new IllegalStateException("the request is not asynchronous");
    }
    return again;
  }

  @Override
  public String getRequestURI() {
    return target.uri();
  }

  @Override
  public StringBuffer getRequestURL() {
    return new StringBuffer(target.url());
  }

  @Override
  public @Nullable String getQueryString() {
    return target.query();
  }

  @Override
  public String getServletPath() {
    return target.servletPath();
  }

  @Override
  public @Nullable String getPathInfo() {
    return target.pathInfo();
  }

  /** The exchange that began with the request, as if it were started again. */
  private final class Again extends AsyncContextWrapper {
    Again() {
      super(exchange);
    }

    @Override
    public void complete() {
      if (!almost.compareAndSet(false, true)) {
        finish();
      }
    }

    /** Kept here: a server accepts listeners only until the request's first thread has left. */
    @Override
    public void addListener(AsyncListener listener) {
      listeners.add(listener);
    }

    @Override
    public void addListener(
        AsyncListener listener, ServletRequest request, ServletResponse response) {
      addListener(listener);
    }

    /** Ignored: the exchange has no timeout. */
    @Override
    public void setTimeout(long millis) {}
  }
}
