package io.smache.node.transfer;

import io.smache.node.cluster.Membership;
import io.smache.node.cluster.TableChange;
import io.smache.node.cluster.TableInForce;
import io.smache.node.runtime.NodeScoped;
import io.smache.node.shard.Shards;
import io.smache.node.store.Caches;
import io.smache.node.store.OutboundTransfers.Outbound;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Applies each partition table to the shards. A partition that moves away is fenced first; then it
 * waits for its transfer, or is removed when its new owner begins empty. A partition that moves
 * here is open at once: a key that has not arrived yet is fetched.
 */
@NodeScoped
public class OwnershipUpdater {
  private static final Logger LOG = System.getLogger(OwnershipUpdater.class.getName());

  private final Membership membership;
  private final Shards shards;
  private final Caches caches;
  private final InboundTransfers inboundTransfers;
  private final TransferSender transferSender;

  /** Takes what follows a table. */
  @Inject
  public OwnershipUpdater(
      Membership membership,
      Shards shards,
      Caches caches,
      InboundTransfers inboundTransfers,
      TransferSender transferSender) {
    this.membership = membership;
    this.shards = shards;
    this.caches = caches;
    this.inboundTransfers = inboundTransfers;
    this.transferSender = transferSender;
  }

  /** Fences what this node no longer owns, and opens what it owns. */
  public void follow(@Observes TableChange change) {
    inboundTransfers.fence(change.kept());
    abandon(change.table());
    List<Outbound> leaving = leaving(change);
    BitSet wiped = wiped(change, leaving);
    if (!wiped.isEmpty()) {
      long entries = caches.removePartitions(wiped::get);
      LOG.log(
          Level.INFO, "removed {0} entries of partitions no longer owned", Long.toString(entries));
    }
    shards.outboundTransfers().begin(leaving);
    inboundTransfers.begin(change);
  }

  /** Runs when requests already go to the new owners. */
  public void handOver(@Observes TableInForce inForce) {
    inboundTransfers.prepare(inForce.table());
    transferSender.wake();
  }

  /** A restarted or removed member will not ask again, and its entries are lost. */
  private void abandon(PartitionTable table) {
    Set<String> present =
        table.has(membership.self())
            ? table.members().stream().map(Member::instance).collect(Collectors.toSet())
            : Set.of();
    int lost = shards.outboundTransfers().abandon(present);
    if (lost > 0) {
      LOG.log(Level.WARNING, "removed {0} partitions whose new owner is gone", lost);
    }
  }

  private List<Outbound> leaving(TableChange change) {
    PartitionTable before = change.before();
    if (before == null) {
      return List.of();
    }
    PartitionTable table = change.table();
    Member self = membership.self();
    return IntStream.range(0, PartitionTable.PARTITIONS)
        .filter(p -> before.owner(p).isSameProcess(self))
        .filter(p -> !table.owner(p).isSameProcess(self))
        .filter(p -> isSame(table.source(p), self))
        .mapToObj(p -> new Outbound(p, table.since().get(p), table.owner(p).instance()))
        .toList();
  }

  private static boolean isSame(@Nullable Member one, Member other) {
    return one != null && one.isSameProcess(other);
  }

  /**
   * Partitions owned before, not kept and meant for nobody; also those that this node gets back.
   */
  private BitSet wiped(TableChange change, List<Outbound> leaving) {
    BitSet wiped = new BitSet();
    PartitionTable before = change.before();
    if (before == null) {
      return wiped;
    }
    for (int p = 0; p < PartitionTable.PARTITIONS; p++) {
      wiped.set(p, before.owner(p).isSameProcess(membership.self()) && !change.kept().get(p));
    }
    leaving.forEach(each -> wiped.clear(each.partition()));
    return wiped;
  }
}
