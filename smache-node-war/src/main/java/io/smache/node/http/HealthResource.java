package io.smache.node.http;

import io.smache.node.cluster.Membership;
import io.smache.protocol.http.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;

/** Says that this node lives, and whether it is ready for requests. */
@Path("/")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class HealthResource {
  private static final String EMPTY = "{}";

  @Inject Membership membership;

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

  /** Returns 200 once this node is an active member of its cluster, 503 before. */
  @GET
  @Path("healthcheck/ready")
  public Response ready() {
    if (membership.isActive()) {
      return Response.ok(EMPTY).build();
    }
    return Problem.response(Status.SERVICE_UNAVAILABLE, Reply.NOT_JOINED)
        .header(HttpHeaders.RETRY_AFTER, Reply.RETRY_SECONDS)
        .build();
  }
}
