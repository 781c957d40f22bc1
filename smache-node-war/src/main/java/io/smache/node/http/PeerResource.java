package io.smache.node.http;

import io.smache.node.cache.Broadcast;
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
 * The inside of the cluster: requests of other nodes. An operation is executed here or not at all;
 * it is never forwarded, so no request loops.
 */
@Path("internal")
@ClusterOnly
@ApplicationScoped
public class PeerResource {
  @Inject PeerRequests requests;
  @Inject Broadcast broadcast;
  @Inject Membership membership;

  /** Returns the identity of this process, by which uplink checks that a member lives. */
  @GET
  @Path("member")
  @Produces(MediaType.APPLICATION_JSON)
  public Member member() {
    return membership.self();
  }

  /**
   * Executes operations and returns their outcomes: {@code NotOwned} for keys of other nodes, and
   * {@code Later} for operations that would have to wait, unless the sender waits.
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

  /** Executes a command and returns its report; 503 when it could not be executed in time. */
  @POST
  @Path("commands")
  @Consumes(Wire.MEDIA_TYPE)
  @Produces(Wire.MEDIA_TYPE)
  public Response command(@Context HttpServletRequest request) throws IOException {
    return requests.command(request).response();
  }

  /** Accepts a newer table, and returns the cache configurations once it is in force. */
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
    return PeerRequests.message(broadcast.commandHere(new Command.Configure(List.of()))).response();
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
