package io.smache.node.rest;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request without media types: whether a client accepts a reply, and what the type of a body
 * means, is decided by the API. Jakarta REST would judge them as well, and each implementation in
 * its own way.
 */
class OpaqueRequest extends HttpServletRequestWrapper {
  private static final String TRANSPARENT = OpaqueRequest.class.getName();
  private static final Set<String> HIDDEN = Set.of("accept", "content-type");

  OpaqueRequest(HttpServletRequest request) {
    super(request);
    request.setAttribute(TRANSPARENT, request);
  }

  /** Returns the request with its media types. */
  static HttpServletRequest transparent(HttpServletRequest request) {
    return request.getAttribute(TRANSPARENT) instanceof HttpServletRequest whole ? whole : request;
  }

  private static boolean isHidden(String name) {
    return HIDDEN.contains(name.toLowerCase(Locale.ROOT));
  }

  @Override
  public @Nullable String getHeader(String name) {
    return isHidden(name) ? null : super.getHeader(name);
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    return isHidden(name) ? Collections.emptyEnumeration() : super.getHeaders(name);
  }

  @Override
  public Enumeration<String> getHeaderNames() {
    List<String> names = Collections.list(super.getHeaderNames());
    names.removeIf(OpaqueRequest::isHidden);
    return Collections.enumeration(names);
  }

  @Override
  public @Nullable String getContentType() {
    return null;
  }
}
