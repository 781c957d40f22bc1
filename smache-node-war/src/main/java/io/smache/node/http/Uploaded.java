package io.smache.node.http;

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

/** A request that goes on, once its body is there, as if it had never been kept back. */
final class Uploaded extends HttpServletRequestWrapper {
  private static final Logger LOG = System.getLogger(Uploaded.class.getName());

  private final Target target;
  private final AsyncContext exchange;
  private final List<AsyncListener> listeners = new CopyOnWriteArrayList<>();

  /**
   * Whether the answer is complete or the thread has left: the second of both ends the exchange.
   */
  private final AtomicBoolean almost = new AtomicBoolean();

  private final AsyncContext again;
  private volatile boolean started;

  /** What a request asked for, as it was sent: a server would decode it on the way. */
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

  Uploaded(HttpServletRequest request, AsyncContext exchange) {
    super(request);
    this.target = Target.of(request);
    this.exchange = exchange;
    this.again = new Again();
  }

  /**
   * Notes that the thread which serves it has left: until then, a server must not use its objects
   * for another one.
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

  /** A second start of what was started when the request came. */
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

    /** A server takes listeners and a time only before its first thread has left. */
    @Override
    public void addListener(AsyncListener listener) {
      listeners.add(listener);
    }

    @Override
    public void addListener(
        AsyncListener listener, ServletRequest request, ServletResponse response) {
      addListener(listener);
    }

    /** There is none. */
    @Override
    public void setTimeout(long millis) {}
  }
}
