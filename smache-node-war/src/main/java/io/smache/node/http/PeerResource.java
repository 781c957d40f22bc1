package io.smache.node.http;

import io.smache.node.cache.Cache;
import io.smache.node.cache.Everywhere;
import io.smache.node.cluster.Membership;
import io.smache.node.cluster.PeerLink;
import io.smache.node.cluster.RefusedException;
import io.smache.node.cluster.Wire;
import io.smache.node.store.Command;
import io.smache.node.store.Outcome;
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
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The inside of the cluster: what other nodes ask of this one. An operation is done here or not at
 * all; it is never sent on, so no request travels in circles.
 */
@Path("internal")
@ClusterOnly
@ApplicationScoped
public class PeerResource {
  /** A batch, and what its form on the wire adds. */
  private static final int MAX_BODY = 1 << 28;

  @Inject Cache cache;
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
    Wire.Operations asked = read(request, Wire.Operations.class);
    asked.operations().forEach(PeerCheck::check);
    Command.Take given = asked.given();
    if (given != null) {
      PeerCheck.check(given);
      everywhere.takeGiven(given);
    }
    return Departure.await(request, answer(asked, epoch))
        .thenApply(outcomes -> message(new Wire.Outcomes(outcomes)));
  }

  private CompletionStage<List<Outcome>> answer(Wire.Operations asked, long epoch) {
    return asked.patient()
        ? cache.performHere(asked.operations(), epoch)
        : CompletableFuture.completedFuture(cache.performHereNow(asked.operations(), epoch));
  }

  /** Says its length, by which the one who asked sees whether it has room for it. */
  private static Response message(Record message) {
    byte[] bytes = Wire.write(message);
    return Response.ok(bytes).header(HttpHeaders.CONTENT_LENGTH, bytes.length).build();
  }

  /** Does a command and returns its report; 503 when it could not be done in time. */
  @POST
  @Path("commands")
  @Consumes(Wire.MEDIA_TYPE)
  @Produces(Wire.MEDIA_TYPE)
  public Response command(@Context HttpServletRequest request) throws IOException {
    Wire.Order order = read(request, Wire.Order.class);
    PeerCheck.check(order.command());
    try {
      return message(everywhere.commandHere(order.command()));
    } catch (ConcurrentAccessException e) {
      return Unavailable.response("too many writes wait for a shard").build();
    }
  }

  /** Takes a table if it is newer, and returns what is known of caches once it is in force. */
  @POST
  @Path("table")
  @Consumes(Wire.MEDIA_TYPE)
  @Produces(Wire.MEDIA_TYPE)
  public Response follow(@Context HttpServletRequest request) throws IOException {
    PartitionTable table = read(request, Wire.Table.class).table();
    try {
      membership.accept(table);
    } catch (RefusedException e) {
      throw new ProblemException(Status.CONFLICT, String.valueOf(e.getMessage()));
    } catch (ConcurrentAccessException e) {
      return Unavailable.response("too many writes wait for a shard").build();
    }
    return message(everywhere.commandHere(new Command.Configure(List.of())));
  }

  /** Returns the table in force; 404 while there is none. */
  @GET
  @Path("table")
  @Produces(Wire.MEDIA_TYPE)
  public Response table() {
    return membership
        .table()
        .map(table -> message(new Wire.Table(table)))
        .orElseThrow(() -> new ProblemException(Status.NOT_FOUND, Unavailable.NOT_JOINED));
  }

  private static <T extends Record> T read(HttpServletRequest request, Class<T> type)
      throws IOException {
    byte[] body = Body.read(request, MAX_BODY);
    try {
      return Wire.read(body, type);
    } catch (IOException e) {
      throw new ProblemException(Status.BAD_REQUEST, "the body is not a message between nodes");
    }
  }
}
