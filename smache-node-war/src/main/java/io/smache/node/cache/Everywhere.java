package io.smache.node.cache;

import io.smache.node.cluster.Discovery;
import io.smache.node.cluster.Membership;
import io.smache.node.cluster.PeerLink;
import io.smache.node.shard.Shards;
import io.smache.node.store.Caches;
import io.smache.node.store.Command;
import io.smache.node.store.Command.Report;
import io.smache.node.store.Command.Said;
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

/** Commands that concern all nodes of the cluster. Thread-safe; no method waits for the network. */
@ApplicationScoped
public class Everywhere {
  private static final Logger LOG = System.getLogger(Everywhere.class.getName());

  @Inject Membership membership;
  @Inject Discovery discovery;
  @Inject PeerLink peers;
  @Inject Shards shards;
  @Inject Caches caches;
  @Inject Arrivals arrivals;

  /**
   * What the nodes reported, and who did not.
   *
   * @param byMember reports under the names of the members
   * @param missing names of the nodes that did not do it, or did not say so
   */
  public record Reports(Map<String, Report> byMember, List<String> missing) {
    /** Returns the reports of all that did. */
    public List<Report> reports() {
      return List.copyOf(byMember.values());
    }

    long newest() {
      return reports().stream().mapToLong(Report::epoch).max().orElse(0);
    }
  }

  /** Gives the command to every member of the table in force; completes within a few seconds. */
  public CompletionStage<Reports> command(Command command) {
    long epoch = membership.epoch();
    return commandAll(command)
        .thenCompose(
            reports ->
                reports.newest() > epoch && reports.missing().isEmpty()
                    ? againstNewer(command, epoch, reports)
                    : CompletableFuture.completedFuture(reports));
  }

  /** A member that this node did not know yet has not done it: all do it once more. */
  private CompletionStage<Reports> againstNewer(Command command, long epoch, Reports first) {
    return discovery
        .newerThan(epoch)
        .thenCompose(table -> commandAll(command))
        .exceptionally(
            failure -> new Reports(first.byMember(), List.of("members of a newer epoch")));
  }

  private CompletableFuture<Reports> commandAll(Command command) {
    List<Member> members = membership.table().map(PartitionTable::members).orElse(List.of());
    if (members.isEmpty()) {
      String self = membership.self().name();
      return CompletableFuture.completedFuture(
          new Reports(Map.of(), List.of(self + ", which has not joined its cluster yet")));
    }
    Map<String, Report> reports = new ConcurrentSkipListMap<>();
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
                new Reports(
                    reports,
                    members.stream()
                        .map(Member::name)
                        .filter(name -> !reports.containsKey(name))
                        .toList()));
  }

  private CompletableFuture<Report> commandOne(Member member, Command command) {
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
   * Does a command on this node alone.
   *
   * @throws ConcurrentAccessException when a shard was not to be had in time
   */
  public Report commandHere(Command command) {
    Said said = said(command);
    // Behind it: who came with a table of meanwhile may not have it.
    return new Report(membership.epoch(), said);
  }

  private Said said(Command command) {
    if (command instanceof Command.Invalidate invalidate) {
      shards.invalidate(invalidate);
      return new Said.Done();
    }
    if (command instanceof Command.Configure configure) {
      caches.configure(configure.configurations());
      return new Said.Known(caches.configurations());
    }
    if (command instanceof Command.Page page) {
      return new Said.Paged(shards.page(page));
    }
    if (command instanceof Command.Take take) {
      return arrivals.take(take, false);
    }
    if (command instanceof Command.Hand hand) {
      hand.heard().forEach(shards::invalidate);
      return new Said.Handed(hand.places().stream().map(shards.departures()::find).toList());
    }
    return command instanceof Command.Look ? condition() : new Said.Counted(caches.statistics());
  }

  /** Takes what the old owner of keys sends along with operations on them, if it can be taken. */
  public void takeGiven(Command.Take given) {
    try {
      arrivals.take(given, true);
    } catch (ConcurrentAccessException e) {
      LOG.log(Level.DEBUG, "what was given could not be taken; it is asked for", e);
    }
  }

  /** Returns how this node is. */
  public Said.Condition condition() {
    return new Said.Condition(
        discovery.isLongInTouch(),
        membership.arriving(),
        membership.leaving(),
        caches.size(),
        caches.bytes());
  }
}
