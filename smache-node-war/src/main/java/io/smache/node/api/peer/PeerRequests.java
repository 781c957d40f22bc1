package io.smache.node.api.peer;

import io.smache.node.api.message.FieldName;
import io.smache.node.api.message.Fields;
import io.smache.node.api.message.MediaTypes;
import io.smache.node.api.message.Reply;
import io.smache.node.api.message.Request;
import io.smache.node.cache.Cache;
import io.smache.node.cache.Commands;
import io.smache.node.cluster.Membership;
import io.smache.node.cluster.PeerLink;
import io.smache.node.cluster.RefusedException;
import io.smache.node.cluster.Wire;
import io.smache.node.store.Command;
import io.smache.node.store.Outcome;
import io.smache.protocol.PartitionTable;
import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import jakarta.ejb.ConcurrentAccessException;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/** Requests between nodes; who may send them is decided before. Thread-safe. */
@Dependent
public class PeerRequests {
  /** The limit of a message, bytes: a batch and the overhead of its wire format. */
  public static final int MAX_BYTES = 1 << 28;

  private static final Pattern EPOCH = Pattern.compile("[0-9]{1,18}");

  private final Cache cache;
  private final Commands commands;
  private final Membership membership;

  /** Takes what executes operations, commands and tables. */
  @Inject
  public PeerRequests(Cache cache, Commands commands, Membership membership) {
    this.cache = cache;
    this.commands = commands;
    this.membership = membership;
  }

  /** Returns the identity of this process, by which uplink checks that a member lives. */
  public Reply member() {
    return Reply.json(Status.OK, membership.self());
  }

  /**
   * Executes operations and returns their outcomes: {@code NotOwned} for keys of other nodes, and
   * {@code Later} for operations that would have to wait, unless the sender waits.
   *
   * @throws ProblemException when the body is no such message, or a wrong one
   * @throws IOException when the sender is gone
   */
  public CompletionStage<Reply> operations(Request request) throws IOException {
    long epoch = epoch(request);
    Wire.Operations asked = read(request, Wire.Operations.class);
    asked.operations().forEach(PeerValidator::check);
    Command.PushChunks given = asked.given();
    if (given != null) {
      PeerValidator.check(given);
      commands.receiveGiven(given);
    }
    return answer(asked, epoch).thenApply(outcomes -> message(new Wire.Outcomes(outcomes)));
  }

  /** Returns the epoch of the table by which the sender chose this node, 0 when it says none. */
  private static long epoch(Request request) {
    String epoch = request.field(PeerLink.EPOCH);
    if (epoch == null) {
      return 0;
    }
    if (!EPOCH.matcher(epoch).matches()) {
      throw Fields.malformed(PeerLink.EPOCH, epoch, "a whole number");
    }
    return Long.parseLong(epoch);
  }

  private CompletionStage<List<Outcome>> answer(Wire.Operations asked, long epoch) {
    return asked.waits()
        ? cache.performHere(asked.operations(), epoch)
        : cache.performHereNow(asked.operations(), epoch);
  }

  /**
   * Executes a command and returns its report; 503 when it could not be executed in time.
   *
   * @throws ProblemException when the body is no such message, or a wrong one
   * @throws IOException when the sender is gone
   */
  public Reply command(Request request) throws IOException {
    Wire.Order order = read(request, Wire.Order.class);
    PeerValidator.check(order.command());
    try {
      return message(commands.execute(order.command()));
    } catch (ConcurrentAccessException e) {
      return crowded();
    }
  }

  /**
   * Accepts a newer table, and returns the cache configurations once it is in force.
   *
   * @throws ProblemException when the body is no such message, or a table of another cluster
   * @throws IOException when the sender is gone
   */
  public Reply follow(Request request) throws IOException {
    PartitionTable table = read(request, Wire.Table.class).table();
    try {
      membership.accept(table);
      return message(commands.execute(new Command.Configure(List.of())));
    } catch (RefusedException e) {
      return Reply.problem(Status.CONFLICT, String.valueOf(e.getMessage()));
    } catch (ConcurrentAccessException e) {
      return crowded();
    }
  }

  private static Reply crowded() {
    return Reply.unavailable("too many writes wait for a shard");
  }

  /** Returns the table in force; 404 while there is none. */
  public Reply table() {
    return membership
        .table()
        .map(table -> message(new Wire.Table(table)))
        .orElseGet(() -> Reply.problem(Status.NOT_FOUND, Membership.NOT_JOINED));
  }

  private static Reply message(Record message) {
    return Reply.of(Status.OK)
        .with(FieldName.CONTENT_TYPE, Wire.MEDIA_TYPE)
        .body(Wire.write(message));
  }

  private static <T extends Record> T read(Request request, Class<T> type) throws IOException {
    if (!MediaTypes.is(Wire.MEDIA_TYPE, request.field(FieldName.CONTENT_TYPE))) {
      throw new ProblemException(
          Status.UNSUPPORTED_MEDIA_TYPE, "Content-Type must be " + Wire.MEDIA_TYPE);
    }
    byte[] body = request.body(MAX_BYTES);
    try {
      return Wire.read(body, type);
    } catch (IOException e) {
      throw new ProblemException(Status.BAD_REQUEST, "the body is not a message between nodes");
    }
  }
}
