package io.smache.node.http;

import io.smache.node.cache.Answer;
import io.smache.node.cache.Cache;
import io.smache.node.cluster.Membership;
import io.smache.node.cluster.PeerLink;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import io.smache.protocol.Member;
import io.smache.protocol.http.ClusterOnly;
import io.smache.protocol.http.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The inside of the cluster: what other nodes ask of this one. An operation is done here or refused
 * with 421 and this node's epoch; it is never sent on, so no request travels in circles.
 */
@Path("internal")
@ClusterOnly
@ApplicationScoped
public class PeerResource {
  @Inject Cache cache;
  @Inject Membership membership;
  @Inject @ValueLimit int valueLimit;

  /** Returns who this process is: by it uplink sees that a member still lives. */
  @GET
  @Path("member")
  @Produces(MediaType.APPLICATION_JSON)
  public Member member() {
    return membership.self();
  }

  /** Returns the value of an entry, 404 when there is none. */
  @GET
  @Path("entries")
  public CompletionStage<Response> get(
      @Context HttpServletRequest request, @HeaderParam(PeerLink.EPOCH) long epoch)
      throws KeyException {
    return perform(new Operation.Get(key(request)), epoch);
  }

  /** Stores the value of an entry. */
  @PUT
  @Path("entries")
  @Consumes(MediaType.WILDCARD)
  public CompletionStage<Response> put(
      @Context HttpServletRequest request,
      @Context HttpHeaders headers,
      @HeaderParam(PeerLink.EPOCH) long epoch,
      @Nullable InputStream stream)
      throws IOException, KeyException {
    byte[] value = Body.read(stream, headers, valueLimit);
    return perform(new Operation.Put(key(request), value), epoch);
  }

  private CompletionStage<Response> perform(Operation operation, long epoch) {
    return cache.performHere(operation, epoch).thenApply(this::response);
  }

  private Response response(Answer answer) {
    Outcome outcome = answer.outcome();
    if (outcome instanceof Outcome.Found found) {
      return Response.ok(found.entry().value(), MediaType.APPLICATION_OCTET_STREAM_TYPE).build();
    }
    if (outcome instanceof Outcome.Absent) {
      return Response.status(Status.NOT_FOUND).build();
    }
    if (outcome instanceof Outcome.Stored) {
      return Response.noContent().build();
    }
    return outcome instanceof Outcome.NotOwned
        ? Response.status(PeerLink.MISDIRECTED).header(PeerLink.EPOCH, membership.epoch()).build()
        : Reply.unavailable(answer);
  }

  private static Key key(HttpServletRequest request) throws KeyException {
    byte[] utf8 =
        KeyParam.of(request)
            .orElseThrow(() -> new ProblemException(Status.BAD_REQUEST, "key is missing"));
    return Key.ofUtf8(utf8);
  }
}
