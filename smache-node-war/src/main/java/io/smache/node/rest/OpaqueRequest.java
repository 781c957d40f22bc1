package io.smache.node.rest;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request without media types, and without bytes beyond ASCII in its path: whether a client
 * accepts a reply, what the type of a body means, and which key is no text, is decided by the API.
 * Jakarta REST would judge them as well, and each implementation in its own way.
 */
class OpaqueRequest extends HttpServletRequestWrapper {
  private static final String TRANSPARENT = OpaqueRequest.class.getName();
  private static final Pattern BEYOND_ASCII = Pattern.compile("%[89A-Fa-f][0-9A-Fa-f]");
  private static final Set<String> HIDDEN = Set.of("accept", "content-type");

  OpaqueRequest(HttpServletRequest request) {
    super(request);
    request.setAttribute(TRANSPARENT, request);
  }

  /** Returns the request as it came. */
  static HttpServletRequest transparent(HttpServletRequest request) {
    return request.getAttribute(TRANSPARENT) instanceof HttpServletRequest whole ? whole : request;
  }

  private static String ascii(String uri) {
    return uri.indexOf('%') < 0 ? uri : BEYOND_ASCII.matcher(uri).replaceAll("_");
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

  @Override
  public String getRequestURI() {
    return ascii(super.getRequestURI());
  }

  @Override
  public StringBuffer getRequestURL() {
    return new StringBuffer(ascii(super.getRequestURL().toString()));
  }
}
