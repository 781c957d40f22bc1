package io.smache.node.rest;

import io.smache.node.api.message.Request;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/** A request that the server's listener brings. */
final class ServerRequest implements Request {
  private final HttpServletRequest request;

  ServerRequest(HttpServletRequest request) {
    this.request = request;
  }

  @Override
  public String protocol() {
    return request.getProtocol();
  }

  @Override
  public String method() {
    return request.getMethod();
  }

  @Override
  public String path() {
    return request.getRequestURI().substring(request.getContextPath().length());
  }

  @Override
  public String base() {
    return request.getContextPath();
  }

  @Override
  public @Nullable String query() {
    return request.getQueryString();
  }

  @Override
  public @Nullable String field(String name) {
    Enumeration<String> lines = request.getHeaders(name);
    if (!lines.hasMoreElements()) {
      return null;
    }
    String value = lines.nextElement();
    while (lines.hasMoreElements()) {
      value += ", " + lines.nextElement();
    }
    return value.strip();
  }

  @Override
  public long length() {
    return request.getContentLengthLong();
  }

  @Override
  public byte[] body(int most) throws IOException {
    return Body.read(request, most);
  }

  @Override
  public String host() {
    return request.getServerName();
  }

  @Override
  public String remoteAddress() {
    return request.getRemoteAddr();
  }
}
