package io.smache.node.http;

import io.smache.node.cache.Everywhere;
import io.smache.node.cluster.Membership;
import io.smache.node.cluster.PeerLink;
import io.smache.node.cluster.RefusedException;
import io.smache.node.cluster.Wire;
import io.smache.node.store.Command;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import io.smache.protocol.http.ClusterOnly;
import io.smache.protocol.http.ProblemException;
import jakarta.ejb.ConcurrentAccessException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The inside of the cluster: what other nodes ask of this one. An operation is done here or not at
 * all; it is never sent on, so no request travels in circles.
 */
@Path("internal")
@ClusterOnly
@ApplicationScoped
public class PeerResource {
  @Inject PeerRequests requests;
  @Inject Everywhere everywhere;
  @Inject Membership membership;

  /** Returns who this process is: by it uplink sees that a member still lives. */
  @GET
  @Path("member")
  @Produces(MediaType.APPLICATION_JSON)
  public Member member() {
    return membership.self();
  }

  /**
   * Does operations and returns what came of each; of one that is not owned here, just that, and of
   * one that would have to wait just that, if the asker is not patient.
   */
  @POST
  @Path("operations")
  @Consumes(Wire.MEDIA_TYPE)
  @Produces(Wire.MEDIA_TYPE)
  public CompletionStage<Response> operations(
      @Context HttpServletRequest request, @HeaderParam(PeerLink.EPOCH) long epoch)
      throws IOException {
    return requests.operations(request, epoch).thenApply(Reply::response);
  }

  /** Does a command and returns its report; 503 when it could not be done in time. */
  @POST
  @Path("commands")
  @Consumes(Wire.MEDIA_TYPE)
  @Produces(Wire.MEDIA_TYPE)
  public Response command(@Context HttpServletRequest request) throws IOException {
    return requests.command(request).response();
  }

  /** Takes a table if it is newer, and returns what is known of caches once it is in force. */
  @POST
  @Path("table")
  @Consumes(Wire.MEDIA_TYPE)
  @Produces(Wire.MEDIA_TYPE)
  public Response follow(@Context HttpServletRequest request) throws IOException {
    PartitionTable table = PeerRequests.read(request, Wire.Table.class).table();
    try {
      membership.accept(table);
    } catch (RefusedException e) {
      throw new ProblemException(Status.CONFLICT, String.valueOf(e.getMessage()));
    } catch (ConcurrentAccessException e) {
      return Unavailable.response("too many writes wait for a shard").build();
    }
    return PeerRequests.message(everywhere.commandHere(new Command.Configure(List.of())))
        .response();
  }

  /** Returns the table in force; 404 while there is none. */
  @GET
  @Path("table")
  @Produces(Wire.MEDIA_TYPE)
  public Response table() {
    return membership
        .table()
        .map(table -> PeerRequests.message(new Wire.Table(table)).response())
        .orElseThrow(() -> new ProblemException(Status.NOT_FOUND, Unavailable.NOT_JOINED));
  }
}
