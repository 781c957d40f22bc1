package io.smache.node.http;

import io.smache.node.cache.SplitBrainGuard;
import io.smache.node.cluster.Discovery;
import io.smache.node.cluster.Membership;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** Liveness and readiness of this node. */
@Path("/")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class HealthResource {
  private static final String EMPTY = "{}";

  @Inject Membership membership;
  @Inject SplitBrainGuard splitBrainGuard;
  @Inject Discovery discovery;

  /** Returns an empty object (seed). */
  @GET
  public String root() {
    return EMPTY;
  }

  /** Returns an empty object for as long as the application answers (seed). */
  @GET
  @Path("healthcheck")
  public String healthcheck() {
    return EMPTY;
  }

  /** Returns 200 while this node is an active member of its cluster, else 503. */
  @GET
  @Path("healthcheck/ready")
  public Response ready() {
    String reason = unready();
    return reason == null ? Response.ok(EMPTY).build() : Unavailable.response(reason).build();
  }

  private @Nullable String unready() {
    if (discovery.hasLeft() || membership.isDraining()) {
      return "this node is leaving its cluster";
    }
    if (splitBrainGuard.isDegraded()) {
      return "this node is cut off from its cluster";
    }
    return membership.isActive() ? null : Unavailable.NOT_JOINED;
  }
}
