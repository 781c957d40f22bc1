package io.smache.node.http;

import io.smache.protocol.http.Problem;
import io.smache.protocol.settings.Settings;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response.Status;
import java.io.IOException;
import java.util.Set;

/**
 * Refuses requests by which a page of another origin would change something: a browser sends the
 * simple ones without asking the server first (Fetch standard, section 2.2.2). Requests that no
 * browser has sent carry neither of the fields that tell. {@code WEB-INF/web.xml} says where it
 * stands; {@code SMACHE_CORS_ORIGINS} names origins whose pages may change things.
 */
public final class CrossSiteFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;
  private static final String ORIGIN = "Origin";
  private static final String SITE = "Sec-Fetch-Site";
  private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");

  /** The page has the node's own origin, or the user typed the address. */
  private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

  private transient Origins allowed = Origins.NONE;

  @Override
  public void init() {
    allowed = Origins.allowed(Settings.ofApplication());
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (SAFE_METHODS.contains(request.getMethod()) || isOwn(request) || isAllowed(request)) {
      chain.doFilter(request, response);
      return;
    }
    String origin = request.getHeader(ORIGIN);
    new Problem(
            Status.FORBIDDEN,
            "a page of the origin '%s' may not change anything here; SMACHE_CORS_ORIGINS names those that may"
                .formatted(origin == null ? "unknown" : origin))
        .writeTo(response);
  }

  private boolean isAllowed(HttpServletRequest request) {
    String origin = request.getHeader(ORIGIN);
    return origin != null && allowed.contains(origin);
  }

  private static boolean isOwn(HttpServletRequest request) {
    String site = request.getHeader(SITE);
    if (site != null) {
      return OWN_SITE.contains(site);
    }
    String origin = request.getHeader(ORIGIN);
    return origin == null || isOf(origin, request.getHeader(HttpHeaders.HOST));
  }

  /** The scheme is not compared: a proxy that ends TLS leaves it out of what the node sees. */
  private static boolean isOf(String origin, String host) {
    int authority = origin.indexOf("://");
    return host != null && authority > 0 && origin.substring(authority + 3).equalsIgnoreCase(host);
  }
}
