package io.smache.uplink;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Says that uplink answers. */
@Path("/")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class HealthResource {
  /** Returns an empty object. */
  @GET
  public String root() {
    return "{}";
  }

  /** Returns an empty object. */
  @GET
  @Path("healthcheck")
  public String healthcheck() {
    return "{}";
  }
}
