package io.smache.node.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.jspecify.annotations.Nullable;

/** A request that goes on, once its body is there, as if it had never been kept back. */
final class Uploaded extends HttpServletRequestWrapper {
  private final Target target;

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

  Uploaded(HttpServletRequest request, Target target) {
    super(request);
    this.target = target;
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
}
