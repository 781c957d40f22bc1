package io.smache.uplink;

import io.smache.protocol.ClusterSecret;
import io.smache.protocol.http.Responses;
import io.smache.protocol.message.Status;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;

/** Answers 401 to requests for {@link ClusterOnly} resources that do not show the secret. */
@Provider
@ClusterOnly
@ApplicationScoped
@Priority(Priorities.AUTHENTICATION)
public class ClusterOnlyFilter implements ContainerRequestFilter {
  @Inject ClusterSecret secret;

  @Override
  public void filter(ContainerRequestContext request) {
    String shown = request.getHeaderString(HttpHeaders.AUTHORIZATION);
    if (!secret.matches(shown)) {
      request.abortWith(
          Responses.problem(Status.UNAUTHORIZED, "this path is for members of the cluster")
              .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
              .build());
    }
  }
}
