package io.smache.node.api;

import io.smache.node.api.message.FieldName;
import io.smache.node.api.message.Request;
import io.smache.protocol.message.Methods;
import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Detects writes by pages of other origins: a browser sends simple requests without a preflight
 * (Fetch standard, section 2.2.2). Other clients send neither of the fields that tell.
 */
final class CrossSite {
  private static final String ORIGIN = "Origin";
  private static final String SITE = "Sec-Fetch-Site";

  /** The page has the node's own origin, or the user typed the address. */
  private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

  private CrossSite() {}

  /**
   * Checks where a request comes from.
   *
   * @param allowed origins whose pages may change things
   * @throws ProblemException 403 when it is a write by a page of another origin
   */
  static void check(Request request, Origins allowed) {
    if (Methods.isSafe(request.method()) || isOwn(request)) {
      return;
    }
    String origin = request.field(ORIGIN);
    if (origin == null || !allowed.contains(origin)) {
      throw new ProblemException(
          Status.FORBIDDEN,
          "a page of the origin '%s' may not change anything here; SMACHE_CORS_ORIGINS names those that may"
              .formatted(origin == null ? "unknown" : origin));
    }
  }

  private static boolean isOwn(Request request) {
    String site = request.field(SITE);
    if (site != null) {
      return OWN_SITE.contains(site);
    }
    String origin = request.field(ORIGIN);
    return origin == null || isOf(origin, request.field(FieldName.HOST));
  }

  /** The scheme is not compared: a proxy that ends TLS leaves it out of what the node sees. */
  private static boolean isOf(String origin, @Nullable String host) {
    int authority = origin.indexOf("://");
    return host != null && authority > 0 && origin.substring(authority + 3).equalsIgnoreCase(host);
  }
}
