package io.smache.node.http;

import io.smache.protocol.ClusterSecret;
import io.smache.protocol.http.Problem;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.ext.Provider;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Answers 401 to administration without authority. The cluster secret gives authority. A node
 * without a secret gives it to its own machine: to connections from loopback that no proxy has
 * passed on, to a host name that no other machine can have.
 */
@Provider
@Administration
@ApplicationScoped
@Priority(Priorities.AUTHENTICATION)
public class AdministrationFilter implements ContainerRequestFilter {
  private static final Pattern LOOPBACK =
      Pattern.compile("127(?:\\.[0-9]{1,3}){3}|\\[?(?:::1|0:0:0:0:0:0:0:1)]?|localhost");

  /** A proxy says one of them. */
  private static final Set<String> PASSED_ON =
      Set.of(
          "Forwarded",
          "Via",
          "X-Forwarded-For",
          "X-Forwarded-Host",
          "X-Forwarded-Proto",
          "X-Real-IP");

  @Inject ClusterSecret secret;
  @Context HttpServletRequest request;

  @Override
  public void filter(ContainerRequestContext context) {
    boolean allowed =
        secret == ClusterSecret.NONE
            ? isLocal(request)
            : secret.matches(context.getHeaderString(HttpHeaders.AUTHORIZATION));
    if (!allowed) {
      context.abortWith(
          Problem.response(Status.UNAUTHORIZED, wanted())
              .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
              .build());
    }
  }

  private String wanted() {
    return secret == ClusterSecret.NONE
        ? "administration of a node without SMACHE_SECRET is only possible from its own machine,"
            + " at http://127.0.0.1"
        : "administration needs the cluster secret: send Authorization: Bearer SMACHE_SECRET";
  }

  private static boolean isLocal(HttpServletRequest request) {
    return LOOPBACK.matcher(request.getRemoteAddr()).matches()
        && LOOPBACK.matcher(request.getServerName()).matches()
        && PASSED_ON.stream().allMatch(each -> request.getHeader(each) == null);
  }
}
