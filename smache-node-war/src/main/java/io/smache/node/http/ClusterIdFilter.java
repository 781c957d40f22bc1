package io.smache.node.http;

import io.smache.node.cluster.Membership;
import io.smache.node.cluster.PeerLink;
import io.smache.protocol.http.ClusterOnly;
import io.smache.protocol.http.Problem;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.ext.Provider;

/**
 * Answers 409 to nodes of another cluster, which may have the same secret and reuse addresses of
 * this one. A node without a table accepts only a table.
 */
@Provider
@ClusterOnly
@ApplicationScoped
@Priority(Priorities.AUTHORIZATION)
public class ClusterIdFilter implements ContainerRequestFilter {
  @Inject Membership membership;

  @Override
  public void filter(ContainerRequestContext request) {
    if (!request.getMethod().equals(HttpMethod.POST)) {
      return;
    }
    String shown = String.valueOf(request.getHeaderString(PeerLink.CLUSTER_ID));
    boolean first = membership.clusterId().isEmpty() && isTable(request);
    if (!first && !shown.equals(membership.cluster())) {
      request.abortWith(
          Problem.response(Status.CONFLICT, "this node is no member of the cluster " + shown)
              .build());
    }
  }

  private static boolean isTable(ContainerRequestContext request) {
    return request.getUriInfo().getPath().endsWith("internal/table");
  }
}
