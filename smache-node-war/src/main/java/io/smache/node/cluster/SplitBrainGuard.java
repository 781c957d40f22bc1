package io.smache.node.cluster;

import io.smache.node.runtime.NodeScoped;
import io.smache.node.store.Command;
import io.smache.node.store.Command.CommandReport;
import io.smache.node.store.Command.Result;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Decides whether this node may still act on its table. A node without a lease may have been
 * removed; but when no member reaches uplink while all have the same table, uplink itself is away
 * and has removed nobody. Thread-safe.
 */
@NodeScoped
public class SplitBrainGuard {
  private static final Logger LOG = System.getLogger(SplitBrainGuard.class.getName());

  /** Three looks: a little shorter than uplink needs to find out that a member is dead. */
  private static final long ASSURANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);

  private final Discovery discovery;
  private final Membership membership;
  private final PeerLink peers;

  private volatile long assuredUntil = System.nanoTime();
  private volatile boolean told;

  /** Takes what tells whether others are reached. */
  @Inject
  public SplitBrainGuard(Discovery discovery, Membership membership, PeerLink peers) {
    this.discovery = discovery;
    this.membership = membership;
    this.peers = peers;
  }

  /** Returns whether this node may have been removed from its cluster without knowing. */
  public boolean isDegraded() {
    return !discovery.isLeased() && isRevocable() && System.nanoTime() - assuredUntil >= 0;
  }

  /** Members of a static cluster, and a node alone, always keep what they own. */
  private boolean isRevocable() {
    return membership.table().map(table -> !table.fixed()).orElse(false);
  }

  /** Asks the other members while uplink does not answer; to be called about twice a second. */
  public void look() {
    boolean degraded = isDegraded();
    if (degraded != told) {
      told = degraded;
      LOG.log(
          Level.WARNING,
          degraded
              ? "disconnected: neither uplink nor all other members answer; conditional writes are refused"
              : "connectivity restored; conditional writes are accepted again");
    }
    if (discovery.isInTouch() || !isRevocable() || !membership.isActive()) {
      return;
    }
    long asked = System.nanoTime();
    PartitionTable table = membership.table().orElseThrow();
    CompletableFuture<Boolean> assured = CompletableFuture.completedFuture(true);
    for (Member member : table.members()) {
      if (!member.isSameProcess(membership.self())) {
        assured = assured.thenCombine(isFellow(member, table), Boolean::logicalAnd);
      }
    }
    assured.thenAccept(all -> assure(all, asked)).exceptionally(failure -> null);
  }

  private void assure(boolean all, long asked) {
    if (all) {
      assuredUntil = asked + ASSURANCE_NANOS;
    }
  }

  /** Completes with whether a member cannot reach uplink either, and has the same table. */
  private CompletableFuture<Boolean> isFellow(Member member, PartitionTable table) {
    return peers
        .send(member, new Command.Look())
        .thenCompose(report -> isFellow(member, table, report))
        .exceptionally(failure -> false);
  }

  private CompletableFuture<Boolean> isFellow(
      Member member, PartitionTable table, CommandReport report) {
    if (report.epoch() > table.epoch()) {
      return peers
          .table(member)
          .thenApply(
              newer -> {
                membership.accept(newer);
                return false;
              });
    }
    boolean inTouch = report.result() instanceof Result.Condition condition && condition.inTouch();
    return CompletableFuture.completedFuture(!inTouch && report.epoch() == table.epoch());
  }
}
