package io.smache.node.cache;

import io.smache.node.cluster.Discovery;
import io.smache.node.cluster.Membership;
import io.smache.node.cluster.PeerLink;
import io.smache.node.shard.Shards;
import io.smache.node.store.Caches;
import io.smache.node.store.Command;
import io.smache.node.store.Command.CommandReport;
import io.smache.node.store.Command.Result;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import jakarta.ejb.ConcurrentAccessException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;

/** Sends commands to all members of the cluster. Thread-safe; no method waits for the network. */
@ApplicationScoped
public class Broadcast {
  private static final Logger LOG = System.getLogger(Broadcast.class.getName());

  @Inject Membership membership;
  @Inject Discovery discovery;
  @Inject PeerLink peers;
  @Inject Shards shards;
  @Inject Caches caches;
  @Inject InboundTransfers inboundTransfers;

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
    return discovery
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
    if (!member.equals(membership.self())) {
      return peers.send(member, command);
    }
    try {
      return CompletableFuture.completedFuture(commandHere(command));
    } catch (ConcurrentAccessException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * Executes a command on this node only.
   *
   * @throws ConcurrentAccessException when a shard's lock was not available in time
   */
  public CommandReport commandHere(Command command) {
    Result result = result(command);
    // After the command: a member that joined meanwhile may not have it.
    return new CommandReport(membership.epoch(), result);
  }

  private Result result(Command command) {
    if (command instanceof Command.Invalidate invalidate) {
      shards.invalidate(invalidate);
      return new Result.Done();
    }
    if (command instanceof Command.Configure configure) {
      caches.configure(configure.configurations());
      return new Result.Known(caches.configurations());
    }
    if (command instanceof Command.Page page) {
      return new Result.Paged(shards.page(page));
    }
    if (command instanceof Command.PushChunks push) {
      return inboundTransfers.receive(push, false);
    }
    if (command instanceof Command.FetchEntries hand) {
      hand.heard().forEach(shards::invalidate);
      return new Result.Fetched(hand.ids().stream().map(shards.outboundTransfers()::find).toList());
    }
    return command instanceof Command.Look ? condition() : new Result.Counted(caches.statistics());
  }

  /** Stores the entries that a source sends along with operations on them, if possible. */
  public void takeGiven(Command.PushChunks given) {
    try {
      inboundTransfers.receive(given, true);
    } catch (ConcurrentAccessException e) {
      LOG.log(
          Level.DEBUG, "entries sent along could not be stored; they are fetched when needed", e);
    }
  }

  /** Returns the condition of this node. */
  public Result.Condition condition() {
    return new Result.Condition(
        discovery.isLongInTouch(),
        membership.arriving(),
        membership.leaving(),
        caches.size(),
        caches.bytes());
  }
}
