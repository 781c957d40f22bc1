package io.smache.node.http;

import io.smache.protocol.http.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response.Status;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Detects writes by pages of other origins: a browser sends simple requests without a preflight
 * (Fetch standard, section 2.2.2). Other clients send neither of the fields that tell.
 */
final class CrossSite {
  private static final String ORIGIN = "Origin";
  private static final String SITE = "Sec-Fetch-Site";
  private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");

  /** The page has the node's own origin, or the user typed the address. */
  private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

  private CrossSite() {}

  /**
   * Returns why a request is refused, or null.
   *
   * @param allowed origins whose pages may change things
   */
  static @Nullable Problem refused(HttpServletRequest request, Origins allowed) {
    if (SAFE_METHODS.contains(request.getMethod()) || isOwn(request)) {
      return null;
    }
    String origin = request.getHeader(ORIGIN);
    return origin != null && allowed.contains(origin)
        ? null
        : new Problem(
            Status.FORBIDDEN,
            "a page of the origin '%s' may not change anything here; SMACHE_CORS_ORIGINS names those that may"
                .formatted(origin == null ? "unknown" : origin));
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
  private static boolean isOf(String origin, @Nullable String host) {
    int authority = origin.indexOf("://");
    return host != null && authority > 0 && origin.substring(authority + 3).equalsIgnoreCase(host);
  }
}
