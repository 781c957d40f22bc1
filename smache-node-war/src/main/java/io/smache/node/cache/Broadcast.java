package io.smache.node.cache;

import io.smache.node.cluster.Membership;
import io.smache.node.cluster.NewestTable;
import io.smache.node.cluster.PeerLink;
import io.smache.node.runtime.NodeScoped;
import io.smache.node.store.Command;
import io.smache.node.store.Command.CommandReport;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;

/** Sends commands to all members of the cluster. Thread-safe; no method waits for the network. */
@NodeScoped
public class Broadcast {
  private final Membership membership;
  private final NewestTable newestTable;
  private final PeerLink peers;
  private final Commands commands;
  private final ExecutorService executor;

  /**
   * Takes what knows the members, what reaches them, and what executes commands here.
   *
   * @param executor runs commands on this node: they may take long
   */
  @Inject
  public Broadcast(
      Membership membership,
      NewestTable newestTable,
      PeerLink peers,
      Commands commands,
      ExecutorService executor) {
    this.membership = membership;
    this.newestTable = newestTable;
    this.peers = peers;
    this.commands = commands;
    this.executor = executor;
  }

  /**
   * The reports of all members.
   *
   * @param byMember reports under the names of the members
   * @param missing names of the members that failed or did not answer
   */
  public record ClusterReport(Map<String, CommandReport> byMember, List<String> missing) {
    /** Returns the reports of all members that answered. */
    public List<CommandReport> reports() {
      return List.copyOf(byMember.values());
    }

    long newest() {
      return reports().stream().mapToLong(CommandReport::epoch).max().orElse(0);
    }
  }

  /** Sends the command to every member of the table in force; completes within a few seconds. */
  public CompletionStage<ClusterReport> command(Command command) {
    long epoch = membership.epoch();
    return commandAll(command)
        .thenCompose(
            reports ->
                reports.newest() > epoch && reports.missing().isEmpty()
                    ? againstNewer(command, epoch, reports)
                    : CompletableFuture.completedFuture(reports));
  }

  /** Members that joined meanwhile have not got the command: sends it to all once more. */
  private CompletionStage<ClusterReport> againstNewer(
      Command command, long epoch, ClusterReport first) {
    return newestTable
        .newerThan(epoch)
        .thenCompose(table -> commandAll(command))
        .exceptionally(
            failure ->
                new ClusterReport(
                    first.byMember(), List.of("members that joined during the command")));
  }

  private CompletableFuture<ClusterReport> commandAll(Command command) {
    List<Member> members = membership.table().map(PartitionTable::members).orElse(List.of());
    if (members.isEmpty()) {
      String self = membership.self().name();
      return CompletableFuture.completedFuture(
          new ClusterReport(Map.of(), List.of(self + ", which has not joined its cluster yet")));
    }
    Map<String, CommandReport> reports = new ConcurrentSkipListMap<>();
    List<CompletableFuture<?>> calls = new ArrayList<>();
    for (Member member : members) {
      calls.add(
          commandOne(member, command)
              .thenAccept(report -> reports.put(member.name(), report))
              .exceptionally(failure -> null));
    }
    return CompletableFuture.allOf(calls.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            done ->
                new ClusterReport(
                    reports,
                    members.stream()
                        .map(Member::name)
                        .filter(name -> !reports.containsKey(name))
                        .toList()));
  }

  private CompletableFuture<CommandReport> commandOne(Member member, Command command) {
    return member.equals(membership.self())
        ? CompletableFuture.supplyAsync(() -> commands.execute(command), executor)
        : peers.send(member, command);
  }
}
