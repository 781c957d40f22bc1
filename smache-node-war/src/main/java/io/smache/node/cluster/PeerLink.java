package io.smache.node.cluster;

import io.smache.node.cluster.link.PeerCall;
import io.smache.node.cluster.link.PeerClient;
import io.smache.node.cluster.link.PeerReply;
import io.smache.node.runtime.NodeScoped;
import io.smache.node.runtime.Timeouts;
import io.smache.node.store.Clock;
import io.smache.node.store.Command;
import io.smache.node.store.Get;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Collections;
import java.util.HashMap;
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
@NodeScoped
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

  /** Bytes of operations that take an event loop longer to encode than others should wait. */
  private static final long LARGE = 1 << 16;

  /** The most bytes of what a node says of its health. */
  private static final long HEALTH_BYTES = 1 << 16;

  private final InFlight inFlight = InFlight.ofHeap();

  private final ClusterConfig config;
  private final PeerClient client;
  private final Membership membership;
  private final ExecutorService executor;

  private final Map<Member, Outbox> outboxes = new ConcurrentHashMap<>();

  /** Takes what reaches other nodes. */
  @Inject
  public PeerLink(
      ClusterConfig config, PeerClient client, Membership membership, ExecutorService executor) {
    this.config = config;
    this.client = client;
    this.membership = membership;
    this.executor = executor;
  }

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
                (epoch, operations, waits) ->
                    sendAll(peer, epoch, new Wire.Operations(operations, waits, null)),
                inFlight,
                executor,
                Clock.SYSTEM));
  }

  /** Forgets the peers that are no longer members. */
  void forgetOthers(@Observes TableInForce inForce) {
    List<Member> members = inForce.table().members();
    outboxes.keySet().retainAll(members);
    client.retain(members.stream().map(member -> URI.create(member.url())).toList());
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
    return isLarge(asked)
        ? CompletableFuture.completedFuture(asked)
            .thenComposeAsync(large -> sendNow(owner, epoch, large), executor)
        : sendNow(owner, epoch, asked);
  }

  private static boolean isLarge(Wire.Operations asked) {
    return asked.given() != null
        || asked.operations().stream().mapToLong(Operation::bytes).sum() > LARGE;
  }

  private CompletableFuture<List<Outcome>> sendNow(
      Member owner, long epoch, Wire.Operations asked) {
    int size = asked.operations().size();
    byte[] message = Wire.write(asked);
    InFlight.Share share = inFlight.begin();
    if (!share.grow(message.length)) {
      return CompletableFuture.completedFuture(crowded(size));
    }
    PeerCall call =
        new PeerCall(
            URI.create(owner.url() + OPERATIONS),
            fields(EPOCH, Long.toString(epoch)),
            message,
            Timeouts.OPERATION.plusMillis(longestWait(asked.operations())),
            share::grow);
    return client
        .send(call)
        .thenApply(reply -> outcomes(owner, reply, size))
        .exceptionally(failure -> Collections.nCopies(size, unreachable(owner)))
        .whenComplete((outcomes, failure) -> share.end());
  }

  /** Completes with the node's report; fails when it does not answer. */
  public CompletableFuture<Command.CommandReport> send(Member member, Command command) {
    byte[] message = Wire.write(new Wire.Order(command));
    return order(member, COMMANDS, fields(), message, Command.CommandReport.class);
  }

  /** Completes with whether this node's own application answers under its URL. */
  CompletableFuture<Boolean> isOwnUrlUp() {
    URI url = URI.create(config.self().url() + "/healthcheck");
    return client
        .send(new PeerCall(url, Map.of(), null, Timeouts.COMMAND, bytes -> bytes <= HEALTH_BYTES))
        .thenApplyAsync(reply -> reply.status() == 200, executor)
        .exceptionally(failure -> false);
  }

  /**
   * Sends a table to a node; completes with the node's cache configurations once the table is in
   * force there.
   */
  public CompletableFuture<Command.CommandReport> follow(Member member, PartitionTable table) {
    byte[] message = Wire.write(new Wire.Table(table));
    Map<String, String> fields = fields(CLUSTER_ID, table.clusterId());
    return order(member, TABLE, fields, message, Command.CommandReport.class);
  }

  /** Returns the table that is in force at a node. */
  public CompletableFuture<PartitionTable> table(Member member) {
    return order(member, TABLE, fields(), null, Wire.Table.class).thenApply(Wire.Table::table);
  }

  /** Completes on another thread than an event loop: what follows may take long. */
  private <T extends Record> CompletableFuture<T> order(
      Member member,
      String path,
      Map<String, String> fields,
      byte @Nullable [] message,
      Class<T> report) {
    URI url = URI.create(member.url() + path);
    return client
        .send(new PeerCall(url, fields, message, Timeouts.COMMAND, PeerLink::isAsked))
        .thenApplyAsync(reply -> read(reply, report), executor);
  }

  /** A report is as large as what was asked for, and is not counted. */
  private static boolean isAsked(long bytes) {
    return bytes >= 0;
  }

  private Map<String, String> fields(String name, String value) {
    Map<String, String> fields = fields();
    fields.put(name, value);
    return fields;
  }

  private Map<String, String> fields() {
    Map<String, String> fields = new HashMap<>();
    fields.put(HttpHeaders.AUTHORIZATION, config.secret().authorization());
    fields.put(HttpHeaders.CONTENT_TYPE, Wire.MEDIA_TYPE);
    fields.put(CLUSTER_ID, membership.cluster());
    return fields;
  }

  private static long longestWait(List<Operation> operations) {
    return operations.stream()
        .mapToLong(operation -> operation instanceof Get get ? get.timeout() : 0)
        .max()
        .orElse(0);
  }

  private static List<Outcome> outcomes(Member owner, PeerReply reply, int size) {
    if (reply.status() != 200) {
      Outcome refused =
          new Outcome.Unavailable(
              "node %s, which owns this key, answers %d".formatted(owner.name(), reply.status()));
      return Collections.nCopies(size, refused);
    }
    return reply.body() == null ? crowded(size) : read(reply, Wire.Outcomes.class).outcomes();
  }

  private static List<Outcome> crowded(int size) {
    return Collections.nCopies(
        size,
        new Outcome.Unavailable("too many bytes are on their way to and from other nodes", true));
  }

  private static <T extends Record> T read(PeerReply reply, Class<T> type) {
    if (reply.status() != 200) {
      throw new RefusedException("status " + reply.status(), reply.status());
    }
    byte[] body = reply.body();
    if (body == null) {
      throw new RefusedException("there was no room for the report", reply.status());
    }
    try {
      return Wire.read(body, type);
    } catch (IOException e) {
      throw new UncheckedIOException("a node answered something else than its protocol", e);
    }
  }

  private static Outcome unreachable(Member owner) {
    return new Outcome.Unavailable(
        "node %s, which owns this key, does not answer".formatted(owner.name()));
  }
}
