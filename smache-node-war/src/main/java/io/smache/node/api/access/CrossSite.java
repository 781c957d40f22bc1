package io.smache.node.api.access;

import io.smache.node.api.message.FieldName;
import io.smache.node.api.message.Reply;
import io.smache.node.api.message.Request;
import io.smache.protocol.message.Methods;
import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Pages of other origins. Refuses their writes, which a browser may send without a preflight (Fetch
 * standard, section 2.2.2), and lets those that are allowed see replies. Other clients send neither
 * of the fields that tell.
 */
public final class CrossSite {
  private static final String ORIGIN = "Origin";
  private static final String SITE = "Sec-Fetch-Site";

  /** The page has the node's own origin, or the user typed the address. */
  private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

  private static final String VARY = "Vary";
  private static final String METHOD = "Access-Control-Request-Method";

  /** What a page may read of a reply, beside what it always may. */
  private static final String EXPOSED =
      String.join(
          ", ",
          FieldName.ETAG,
          FieldName.AGE,
          FieldName.ALLOW,
          FieldName.ACCEPT_RANGES,
          FieldName.CONTENT_RANGE,
          FieldName.CONTENT_LOCATION,
          FieldName.CACHE_GROUPS,
          FieldName.CACHE_GROUP_INVALIDATION,
          FieldName.RETRY_AFTER,
          FieldName.WWW_AUTHENTICATE,
          FieldName.NODE,
          FieldName.STATE);

  /** What a page may send, beside what it always may. */
  private static final String SENT =
      String.join(
          ", ",
          FieldName.AUTHORIZATION,
          FieldName.CONTENT_TYPE,
          FieldName.CONTENT_ENCODING,
          FieldName.RANGE,
          FieldName.IF_RANGE,
          FieldName.IF_MATCH,
          FieldName.IF_NONE_MATCH,
          FieldName.IF_MODIFIED_SINCE,
          FieldName.IF_UNMODIFIED_SINCE,
          FieldName.CACHE_GROUPS,
          FieldName.CACHE_GROUP_INVALIDATION,
          FieldName.TTL,
          FieldName.IDLE,
          FieldName.STALE);

  /** For how long a browser may remember what a preflight says, in seconds. */
  private static final String REMEMBERED = "600";

  private CrossSite() {}

  /**
   * Returns what tells a browser that a page of an origin in the list may see the reply, and what
   * it may send when the browser asks for that first (Fetch standard, sections 3.3.2 and 3.3.3).
   */
  public static UnaryOperator<Reply> sharing(Request request, Origins allowed) {
    if (allowed.isEmpty()) {
      return reply -> reply;
    }
    String origin = request.field(ORIGIN);
    if (origin == null || !allowed.contains(origin)) {
      return reply -> reply.with(VARY, ORIGIN);
    }
    boolean asks = request.method().equals("OPTIONS") && request.field(METHOD) != null;
    return reply -> {
      reply.with(VARY, ORIGIN).with("Access-Control-Allow-Origin", origin);
      return asks ? preflight(reply) : reply.with("Access-Control-Expose-Headers", EXPOSED);
    };
  }

  private static Reply preflight(Reply reply) {
    return reply
        .with("Access-Control-Allow-Methods", String.valueOf(reply.field(FieldName.ALLOW)))
        .with("Access-Control-Allow-Headers", SENT)
        .with("Access-Control-Max-Age", REMEMBERED);
  }

  /**
   * Checks where a request comes from.
   *
   * @param allowed origins whose pages may change things
   * @throws ProblemException 403 when it is a write by a page of another origin
   */
  public static void check(Request request, Origins allowed) {
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
