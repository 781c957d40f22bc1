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
  /** Header that carries the epoch of the table in force at the one who sends it. */
  public static final String EPOCH = "Smache-Epoch";

  /** Path of a node's operations for its peers. */
  public static final String OPERATIONS = "/internal/operations";

  /** Path of a node's commands for its peers. */
  public static final String COMMANDS = "/internal/commands";

  /** Path of the table that is in force at a node. */
  public static final String TABLE = "/internal/table";

  /** Header that names the cluster of the one who sends it. */
  public static final String LINEAGE = "Smache-Lineage";

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** Longer, since whoever loses it does not know whether the operation was done. */
  private static final Duration OPERATION_PATIENCE = Duration.ofSeconds(4);

  private final InFlight inFlight = InFlight.ofHeap();

  @Inject ClusterConfig config;
  @Inject HttpClient client;
  @Inject Membership membership;
  @Inject ExecutorService executor;

  private final Map<Member, Outbox> outboxes = new ConcurrentHashMap<>();

  /** Completes with what the owner says; with {@link Outcome.Unavailable} if it says nothing. */
  public CompletableFuture<Outcome> send(Member owner, long epoch, Operation operation) {
    return operation instanceof Get get && get.patience() > 0
        ? sendAlone(owner, epoch, operation, null)
        : outbox(owner).send(epoch, operation);
  }

  /**
   * Completes as {@link #send(Member, long, Operation)} does.
   *
   * @param given what this node, the old owner of the key, has of it
   */
  public CompletableFuture<Outcome> send(
      Member owner, long epoch, Operation operation, Command.Take given) {
    return sendAlone(owner, epoch, operation, given);
  }

  private CompletableFuture<Outcome> sendAlone(
      Member owner, long epoch, Operation operation, Command.@Nullable Take given) {
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

  /** Forgets the peers that are no members any more. */
  void forgetOthers(@Observes TableInForce inForce) {
    outboxes.keySet().retainAll(inForce.table().members());
  }

  /**
   * Completes with what the owner says of each; with {@link Outcome.Unavailable} for all if it says
   * nothing.
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
            .timeout(OPERATION_PATIENCE.plusMillis(longestWait(asked.operations())))
            .build();
    return Calls.send(client, request, info -> body(info, share))
        .thenApply(response -> outcomes(owner, response, size))
        .exceptionally(failure -> Collections.nCopies(size, unreachable(owner)))
        .whenComplete((outcomes, failure) -> share.end());
  }

  /** Takes the body of an answer if there is room for it; a null body says that there is none. */
  private static BodySubscriber<byte @Nullable []> body(ResponseInfo info, InFlight.Share share) {
    long length = info.headers().firstValueAsLong(HttpHeaders.CONTENT_LENGTH).orElse(0);
    return share.grow(length)
        ? BodySubscribers.mapping(BodySubscribers.ofByteArray(), bytes -> bytes)
        : BodySubscribers.replacing(null);
  }

  /** Completes with what the node reports; fails when it does not. */
  public CompletableFuture<Command.Report> send(Member member, Command command) {
    HttpRequest request =
        request(member, COMMANDS, Wire.write(new Wire.Order(command))).timeout(PATIENCE).build();
    return Calls.send(client, request, BodyHandlers.ofByteArray())
        .thenApply(response -> read(response, Command.Report.class));
  }

  /** Completes with whether this node's own application answers under its URL. */
  CompletableFuture<Boolean> isOwnUrlUp() {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(config.self().url() + "/healthcheck"))
            .timeout(PATIENCE)
            .build();
    return Calls.send(client, request, BodyHandlers.discarding())
        .thenApply(response -> response.statusCode() == 200)
        .exceptionally(failure -> false);
  }

  /** Tells a node of a table; completes with what it knows of caches once it is in force there. */
  public CompletableFuture<Command.Report> follow(Member member, PartitionTable table) {
    HttpRequest request =
        request(member, TABLE, Wire.write(new Wire.Table(table)))
            .setHeader(LINEAGE, table.lineage())
            .timeout(PATIENCE)
            .build();
    return Calls.send(client, request, BodyHandlers.ofByteArray())
        .thenApply(response -> read(response, Command.Report.class));
  }

  /** Returns the table that is in force at a node. */
  public CompletableFuture<PartitionTable> table(Member member) {
    return Calls.send(
            client, request(member, TABLE).timeout(PATIENCE).build(), BodyHandlers.ofByteArray())
        .thenApply(response -> read(response, Wire.Table.class).table());
  }

  private HttpRequest.Builder request(Member member, String path, byte[] message) {
    return request(member, path).POST(BodyPublishers.ofByteArray(message));
  }

  private HttpRequest.Builder request(Member member, String path) {
    return HttpRequest.newBuilder(URI.create(member.url() + path))
        .header(HttpHeaders.AUTHORIZATION, config.secret().authorization())
        .header(HttpHeaders.CONTENT_TYPE, Wire.MEDIA_TYPE)
        .header(LINEAGE, membership.cluster());
  }

  private static long longestWait(List<Operation> operations) {
    return operations.stream()
        .mapToLong(operation -> operation instanceof Get get ? get.patience() : 0)
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
