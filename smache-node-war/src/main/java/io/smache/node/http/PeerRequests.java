package io.smache.node.http;

import io.smache.node.cache.Broadcast;
import io.smache.node.cache.Cache;
import io.smache.node.cluster.Membership;
import io.smache.node.cluster.PeerLink;
import io.smache.node.cluster.Wire;
import io.smache.node.store.Command;
import io.smache.node.store.Outcome;
import io.smache.protocol.ClusterSecret;
import io.smache.protocol.http.ProblemException;
import jakarta.ejb.ConcurrentAccessException;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response.Status;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/** The frequent requests between nodes. Thread-safe. */
@Dependent
class PeerRequests {
  /** The limit of a message: a batch and the overhead of its wire format. */
  static final int MAX_BODY = 1 << 28;

  private static final Pattern EPOCH = Pattern.compile("[0-9]{1,18}");

  @Inject Cache cache;
  @Inject Broadcast broadcast;
  @Inject Membership membership;
  @Inject ClusterSecret secret;

  /** Returns whether a request is certainly a message of a member of this cluster. */
  boolean takes(HttpServletRequest request) {
    String epoch = request.getHeader(PeerLink.EPOCH);
    return Wire.MEDIA_TYPE.equals(request.getContentType())
        && secret.matches(request.getHeader(HttpHeaders.AUTHORIZATION))
        && membership.cluster().equals(request.getHeader(PeerLink.CLUSTER_ID))
        && (epoch == null || EPOCH.matcher(epoch).matches());
  }

  /**
   * Executes operations and returns their outcomes.
   *
   * @throws ProblemException when the body is no such message, or a wrong one
   */
  CompletionStage<Reply> operations(HttpServletRequest request) throws IOException {
    String epoch = request.getHeader(PeerLink.EPOCH);
    return operations(request, epoch == null ? 0 : Long.parseLong(epoch));
  }

  /**
   * Executes operations and returns their outcomes.
   *
   * @param epoch of the table by which the other node chose this one
   * @throws ProblemException when the body is no such message, or a wrong one
   */
  CompletionStage<Reply> operations(HttpServletRequest request, long epoch) throws IOException {
    Wire.Operations asked = read(request, Wire.Operations.class);
    asked.operations().forEach(PeerValidator::check);
    Command.PushChunks given = asked.given();
    if (given != null) {
      PeerValidator.check(given);
      broadcast.takeGiven(given);
    }
    return CompletionGate.await(request, answer(asked, epoch))
        .thenApply(outcomes -> message(new Wire.Outcomes(outcomes)));
  }

  private CompletionStage<List<Outcome>> answer(Wire.Operations asked, long epoch) {
    return asked.patient()
        ? cache.performHere(asked.operations(), epoch)
        : CompletableFuture.completedFuture(cache.performHereNow(asked.operations(), epoch));
  }

  /**
   * Executes a command and returns its report; 503 when it could not be executed in time.
   *
   * @throws ProblemException when the body is no such message, or a wrong one
   */
  Reply command(HttpServletRequest request) throws IOException {
    Wire.Order order = read(request, Wire.Order.class);
    PeerValidator.check(order.command());
    try {
      return message(broadcast.commandHere(order.command()));
    } catch (ConcurrentAccessException e) {
      return Reply.of(Unavailable.response("too many writes wait for a shard").build());
    }
  }

  /**
   * Begins a reply with a message between nodes. It has a Content-Length, by which the receiver
   * checks whether it has room.
   */
  static Reply message(Record message) {
    return Reply.of(Status.OK)
        .with(HttpHeaders.CONTENT_TYPE, Wire.MEDIA_TYPE)
        .body(Wire.write(message));
  }

  /**
   * Reads a message between nodes.
   *
   * @throws ProblemException 400 when the body is none, 413 when it is too long for one
   */
  static <T extends Record> T read(HttpServletRequest request, Class<T> type) throws IOException {
    byte[] body = Body.read(request, MAX_BODY);
    try {
      return Wire.read(body, type);
    } catch (IOException e) {
      throw new ProblemException(Status.BAD_REQUEST, "the body is not a message between nodes");
    }
  }
}
