package io.smache.node.api.admin;

import io.smache.node.api.message.Percent;
import io.smache.node.api.message.Reply;
import io.smache.node.cache.Broadcast;
import io.smache.node.cache.Broadcast.ClusterReport;
import io.smache.node.cache.Commands;
import io.smache.node.cluster.Discovery;
import io.smache.node.cluster.Membership;
import io.smache.node.cluster.RefusedException;
import io.smache.node.engine.Engine;
import io.smache.node.store.Command;
import io.smache.node.store.Command.CommandReport;
import io.smache.node.store.Command.Result;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Shows the cluster as this node sees it, and lets members go. Thread-safe. */
@Dependent
public class ClusterRequests {
  private static final Command LOOK = new Command.Look();

  private final Membership membership;
  private final Discovery discovery;
  private final Broadcast broadcast;
  private final Commands commands;
  private final Engine engine;

  /** Takes what knows the cluster, and what asks all members. */
  @Inject
  public ClusterRequests(
      Membership membership,
      Discovery discovery,
      Broadcast broadcast,
      Commands commands,
      Engine engine) {
    this.engine = engine;
    this.membership = membership;
    this.discovery = discovery;
    this.broadcast = broadcast;
    this.commands = commands;
  }

  /** Returns the epoch of the table in force, 0 for none, and all members. */
  public CompletionStage<Reply> get() {
    return broadcast.command(LOOK).thenApply(reports -> Reply.json(Status.OK, view(reports)));
  }

  /** Returns who owns which partition, as this node sees it. */
  public Reply partitions() {
    PartitionTable table = membership.table().orElse(null);
    List<String> names =
        table == null ? List.of() : table.members().stream().map(Member::name).toList();
    List<Integer> planned = table == null ? List.of() : table.owners();
    List<Integer> from = table == null ? List.of() : table.from();
    List<Integer> owners = new ArrayList<>(PartitionTable.PARTITIONS);
    List<Integer> sources = new ArrayList<>(PartitionTable.PARTITIONS);
    for (int i = 0; i < PartitionTable.PARTITIONS; i++) {
      List<String> holders = engine.holders(i);
      int owner = holders.isEmpty() ? -1 : names.indexOf(holders.get(0));
      boolean asPlanned = i < planned.size() && planned.get(i) == owner;
      owners.add(owner);
      sources.add(asPlanned ? from.get(i) : PartitionTable.NOBODY);
    }
    return Reply.json(Status.OK, new Partitions(membership.epoch(), names, owners, sources));
  }

  /** Returns 200 when nothing moves and all members agree on the epoch, else 503. */
  public CompletionStage<Reply> safe() {
    return broadcast.command(LOOK).thenApply(this::safe);
  }

  private Reply safe(ClusterReport reports) {
    String reason = unsafe(reports);
    return reason == null
        ? Reply.json(Status.OK, new Safe(membership.epoch()))
        : Reply.unavailable(reason);
  }

  private @Nullable String unsafe(ClusterReport reports) {
    if (!reports.missing().isEmpty()) {
      return "no answer from " + String.join(", ", reports.missing());
    }
    if (reports.reports().stream().anyMatch(report -> report.epoch() != membership.epoch())) {
      return "not all members have epoch " + membership.epoch();
    }
    boolean moving =
        reports.reports().stream().map(CommandReport::result).anyMatch(ClusterRequests::moves);
    return moving ? "partitions are moving" : null;
  }

  private static boolean moves(Result result) {
    return result instanceof Result.Condition c && (c.arriving() > 0 || c.leaving() > 0);
  }

  /**
   * Drains a member: 202 at once, however long the transfer takes; 404 when there is no such
   * member, 409 when no other member could take its entries.
   *
   * @param segment the member's name in a path, percent-encoded
   */
  public CompletionStage<Reply> drain(String segment) {
    String name =
        new String(Percent.decode(segment, "the member name", false), StandardCharsets.UTF_8);
    if (!Member.isName(name)) {
      throw new ProblemException(Status.NOT_FOUND, "no member can have this name");
    }
    return discovery.drain(name).handle((done, failure) -> drained(name, failure));
  }

  private static Reply drained(String name, @Nullable Throwable failure) {
    if (failure == null) {
      return Reply.json(Status.ACCEPTED, new Draining(name));
    }
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    Status status = cause instanceof RefusedException refused ? Status.of(refused.status()) : null;
    return status == Status.NOT_FOUND || status == Status.CONFLICT
        ? Reply.problem(status, String.valueOf(cause.getMessage()))
        : Reply.unavailable("uplink does not answer; without it no member can leave");
  }

  private ClusterView view(ClusterReport reports) {
    List<MemberView> members = new ArrayList<>();
    PartitionTable table = membership.table().orElse(null);
    if (table != null) {
      table.members().forEach(member -> members.add(view(table, member, reports)));
    }
    if (!membership.isActive()) {
      String state = discovery.hasLeft() ? "gone" : "joining";
      members.add(MemberView.of(membership.self(), state, 0, commands.condition()));
    }
    membership.gone().stream()
        .filter(name -> !name.equals(membership.self().name()))
        .forEach(
            name -> members.add(new MemberView(name, null, "gone", 0, null, null, null, null)));
    return new ClusterView(membership.clusterId().orElse(null), membership.epoch(), members);
  }

  private MemberView view(PartitionTable table, Member member, ClusterReport reports) {
    CommandReport report = reports.byMember().get(member.name());
    Result result = report == null ? null : report.result();
    return MemberView.of(
        member,
        table.draining().contains(member.name()) ? "draining" : "active",
        engine.partitionsOf(member),
        result instanceof Result.Condition condition ? condition : null);
  }

  /**
   * Who owns which partition.
   *
   * @param members their names
   * @param owners of each partition the place of its owner among the members, -1 for nobody
   * @param sources the same of who handed it over to its owner, or still does, -1 for nobody
   */
  record Partitions(
      long epoch, List<String> members, List<Integer> owners, List<Integer> sources) {}

  /** Nothing moves at this epoch. */
  record Safe(long epoch) {}

  /** A member is about to leave. */
  record Draining(String draining) {}

  /**
   * The cluster as one node sees it.
   *
   * @param clusterId names the cluster, null before the first table
   */
  record ClusterView(@Nullable String clusterId, long epoch, List<MemberView> members) {}

  /**
   * One member. Null is what it did not say.
   *
   * @param state {@code active}, {@code draining} while it is about to leave, {@code gone} after,
   *     or {@code joining} for the asked node before it is in the table
   * @param partitions how many it owns
   * @param arriving how many of them it does not have completely yet
   * @param leaving how many it has not completely handed over yet
   * @param entries how many it keeps, about
   * @param bytes that they take
   */
  record MemberView(
      String name,
      @Nullable String url,
      String state,
      int partitions,
      @Nullable Integer arriving,
      @Nullable Integer leaving,
      @Nullable Long entries,
      @Nullable Long bytes) {
    static MemberView of(
        Member member, String state, int partitions, Result.@Nullable Condition condition) {
      return condition == null
          ? new MemberView(member.name(), member.url(), state, partitions, null, null, null, null)
          : new MemberView(
              member.name(),
              member.url(),
              state,
              partitions,
              condition.arriving(),
              condition.leaving(),
              condition.entries(),
              condition.bytes());
    }
  }
}
