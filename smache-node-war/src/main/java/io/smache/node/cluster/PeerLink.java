package io.smache.node.cluster;

import io.smache.node.store.Clock;
import io.smache.node.store.Command;
import io.smache.node.store.Get;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import io.smache.protocol.http.Calls;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Carries operations to the nodes that own their keys: one hop, with the epoch by which the sender
 * chose the owner; and commands to any node. Thread-safe.
 */
@ApplicationScoped
public class PeerLink {
  /** Header with the epoch of the sender's table in force. */
  public static final String EPOCH = "Smache-Epoch";

  /** Path of a node's operations for its peers. */
  public static final String OPERATIONS = "/internal/operations";

  /** Path of a node's commands for its peers. */
  public static final String COMMANDS = "/internal/commands";

  /** Path of the table that is in force at a node. */
  public static final String TABLE = "/internal/table";

  /** Header with the sender's cluster id. */
  public static final String CLUSTER_ID = "Smache-Cluster-Id";

  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  /** Longer, because after a timeout nobody knows whether the operation was executed. */
  private static final Duration OPERATION_TIMEOUT = Duration.ofSeconds(4);

  private final InFlight inFlight = InFlight.ofHeap();

  @Inject ClusterConfig config;
  @Inject HttpClient client;
  @Inject Membership membership;
  @Inject ExecutorService executor;

  private final Map<Member, Outbox> outboxes = new ConcurrentHashMap<>();

  /**
   * Completes with the owner's outcome; with {@link Outcome.Unavailable} when it does not answer.
   */
  public CompletableFuture<Outcome> send(Member owner, long epoch, Operation operation) {
    return operation instanceof Get get && get.timeout() > 0
        ? sendAlone(owner, epoch, operation, null)
        : outbox(owner).send(epoch, operation);
  }

  /**
   * Completes as {@link #send(Member, long, Operation)} does.
   *
   * @param given what this node, the old owner of the key, has of it
   */
  public CompletableFuture<Outcome> send(
      Member owner, long epoch, Operation operation, Command.PushChunks given) {
    return sendAlone(owner, epoch, operation, given);
  }

  private CompletableFuture<Outcome> sendAlone(
      Member owner, long epoch, Operation operation, Command.@Nullable PushChunks given) {
    return sendAll(owner, epoch, new Wire.Operations(List.of(operation), true, given))
        .thenApply(outcomes -> outcomes.get(0));
  }

  private Outbox outbox(Member owner) {
    return outboxes.computeIfAbsent(
        owner,
        peer ->
            new Outbox(
                (epoch, operations, patient) ->
                    sendAll(peer, epoch, new Wire.Operations(operations, patient, null)),
                inFlight,
                executor,
                Clock.SYSTEM));
  }

  /** Forgets the peers that are no longer members. */
  void forgetOthers(@Observes TableInForce inForce) {
    outboxes.keySet().retainAll(inForce.table().members());
  }

  /**
   * Completes with the owner's outcomes; with {@link Outcome.Unavailable} for all when it does not
   * answer.
   */
  public CompletableFuture<List<Outcome>> sendAll(
      Member owner, long epoch, List<Operation> operations) {
    return sendAll(owner, epoch, new Wire.Operations(operations, true, null));
  }

  private CompletableFuture<List<Outcome>> sendAll(
      Member owner, long epoch, Wire.Operations asked) {
    int size = asked.operations().size();
    byte[] message = Wire.write(asked);
    InFlight.Share share = inFlight.begin();
    if (!share.grow(message.length)) {
      return CompletableFuture.completedFuture(crowded(size));
    }
    HttpRequest request =
        request(owner, OPERATIONS, message)
            .header(EPOCH, Long.toString(epoch))
            .timeout(OPERATION_TIMEOUT.plusMillis(longestWait(asked.operations())))
            .build();
    return Calls.send(client, request, info -> body(info, share))
        .thenApply(response -> outcomes(owner, response, size))
        .exceptionally(failure -> Collections.nCopies(size, unreachable(owner)))
        .whenComplete((outcomes, failure) -> share.end());
  }

  /** Reads the body of an answer if there is room for it; a null body means that there is none. */
  private static BodySubscriber<byte @Nullable []> body(ResponseInfo info, InFlight.Share share) {
    long length = info.headers().firstValueAsLong(HttpHeaders.CONTENT_LENGTH).orElse(0);
    return share.grow(length)
        ? BodySubscribers.mapping(BodySubscribers.ofByteArray(), bytes -> bytes)
        : BodySubscribers.replacing(null);
  }

  /** Completes with the node's report; fails when it does not answer. */
  public CompletableFuture<Command.CommandReport> send(Member member, Command command) {
    HttpRequest request =
        request(member, COMMANDS, Wire.write(new Wire.Order(command))).timeout(TIMEOUT).build();
    return Calls.send(client, request, BodyHandlers.ofByteArray())
        .thenApply(response -> read(response, Command.CommandReport.class));
  }

  /** Completes with whether this node's own application answers under its URL. */
  CompletableFuture<Boolean> isOwnUrlUp() {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(config.self().url() + "/healthcheck"))
            .timeout(TIMEOUT)
            .build();
    return Calls.send(client, request, BodyHandlers.discarding())
        .thenApply(response -> response.statusCode() == 200)
        .exceptionally(failure -> false);
  }

  /**
   * Sends a table to a node; completes with the node's cache configurations once the table is in
   * force there.
   */
  public CompletableFuture<Command.CommandReport> follow(Member member, PartitionTable table) {
    HttpRequest request =
        request(member, TABLE, Wire.write(new Wire.Table(table)))
            .setHeader(CLUSTER_ID, table.clusterId())
            .timeout(TIMEOUT)
            .build();
    return Calls.send(client, request, BodyHandlers.ofByteArray())
        .thenApply(response -> read(response, Command.CommandReport.class));
  }

  /** Returns the table that is in force at a node. */
  public CompletableFuture<PartitionTable> table(Member member) {
    return Calls.send(
            client, request(member, TABLE).timeout(TIMEOUT).build(), BodyHandlers.ofByteArray())
        .thenApply(response -> read(response, Wire.Table.class).table());
  }

  private HttpRequest.Builder request(Member member, String path, byte[] message) {
    return request(member, path).POST(BodyPublishers.ofByteArray(message));
  }

  private HttpRequest.Builder request(Member member, String path) {
    return HttpRequest.newBuilder(URI.create(member.url() + path))
        .header(HttpHeaders.AUTHORIZATION, config.secret().authorization())
        .header(HttpHeaders.CONTENT_TYPE, Wire.MEDIA_TYPE)
        .header(CLUSTER_ID, membership.cluster());
  }

  private static long longestWait(List<Operation> operations) {
    return operations.stream()
        .mapToLong(operation -> operation instanceof Get get ? get.timeout() : 0)
        .max()
        .orElse(0);
  }

  private static List<Outcome> outcomes(
      Member owner, HttpResponse<byte @Nullable []> response, int size) {
    if (response.statusCode() != 200) {
      Outcome refused =
          new Outcome.Unavailable(
              "node %s, which owns this key, answers %d"
                  .formatted(owner.name(), response.statusCode()));
      return Collections.nCopies(size, refused);
    }
    return response.body() == null ? crowded(size) : read(response, Wire.Outcomes.class).outcomes();
  }

  private static List<Outcome> crowded(int size) {
    return Collections.nCopies(
        size, new Outcome.Unavailable("too many bytes are on their way to and from other nodes"));
  }

  private static <T extends Record> T read(
      HttpResponse<byte @Nullable []> response, Class<T> type) {
    if (response.statusCode() != 200) {
      throw new RefusedException("status " + response.statusCode(), response.statusCode());
    }
    try {
      return Wire.read(response.body(), type);
    } catch (IOException e) {
      throw new UncheckedIOException("a node answered something else than its protocol", e);
    }
  }

  private static Outcome unreachable(Member owner) {
    return new Outcome.Unavailable(
        "node %s, which owns this key, does not answer".formatted(owner.name()));
  }
}
