package io.smache.uplink;

import io.smache.protocol.Lease;
import io.smache.protocol.Member;
import io.smache.protocol.Registration;
import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Register or renew a member, leave, list. */
@Path("members")
@ClusterOnly
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class MembersResource {
  @Inject Registry registry;

  /** Returns all members. */
  @GET
  public List<Member> list() {
    return registry.members();
  }

  /**
   * Registers a member or renews its lease.
   *
   * @throws RefusedException when the name belongs to another living process, or the node to
   *     another cluster: 409
   */
  @PUT
  @Path("{name}")
  @Consumes(MediaType.APPLICATION_JSON)
  public Lease register(@PathParam("name") String name, @Nullable Registration registration)
      throws RefusedException {
    if (registration == null) {
      throw new ProblemException(Status.BAD_REQUEST, "a registration is missing");
    }
    return registry.register(member(name, registration), registration);
  }

  /**
   * Begins to give a member's partitions to the others: 202, or 404 when there is no such member.
   *
   * @throws RefusedException when nobody is left to take them: 409
   */
  @POST
  @Path("{name}/drain")
  public Response drain(@PathParam("name") String name) throws RefusedException {
    if (!registry.drain(name)) {
      throw new ProblemException(Status.NOT_FOUND, "no member has the name '" + name + "'");
    }
    return Response.accepted().build();
  }

  /** Removes a member that leaves: 204, or 404 when this process is not a member. */
  @DELETE
  @Path("{name}")
  public void leave(
      @PathParam("name") String name, @QueryParam("instance") @Nullable String instance) {
    if (instance == null || !registry.leave(name, instance)) {
      throw new ProblemException(Status.NOT_FOUND, "no member has this name and this instance");
    }
  }

  private static Member member(String name, Registration registration) {
    try {
      return new Member(name, registration.url(), registration.instance(), registration.grid());
    } catch (IllegalArgumentException e) {
      throw new ProblemException(Status.BAD_REQUEST, String.valueOf(e.getMessage()));
    }
  }
}
