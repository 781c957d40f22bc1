package io.smache.node.cluster;

import io.smache.node.store.Key;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.BitSet;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * This node's view of the cluster: the table in force. A node without uplink is a cluster of its
 * own. Thread-safe.
 */
@ApplicationScoped
public class Membership {
  private static final Logger LOG = System.getLogger(Membership.class.getName());

  @Inject ClusterConfig config;
  @Inject Event<TableChange> changes;

  /** Written under this object's monitor. */
  private volatile @Nullable PartitionTable inForce;

  /** Returns this node. */
  public Member self() {
    return config.self();
  }

  /** Returns the table in force, empty until this node has its first. */
  public Optional<PartitionTable> table() {
    return Optional.ofNullable(inForce);
  }

  /** Returns the epoch of the table in force, 0 while there is none. */
  public long epoch() {
    PartitionTable table = inForce;
    return table == null ? 0 : table.epoch();
  }

  /** Returns whether this process is a member of the table in force. */
  public boolean isActive() {
    return table().map(table -> table.members().contains(self())).orElse(false);
  }

  /** Returns where the key lives. */
  public Route route(Key key) {
    PartitionTable table = inForce;
    if (table == null) {
      return new Route.Nowhere();
    }
    Member owner = table.owner(key.partition());
    return isSelf(owner) ? new Route.Here() : new Route.There(owner, table.epoch());
  }

  /** Puts a table in force if it is newer; who observes the change has acted on it by then. */
  synchronized void accept(PartitionTable table) {
    if (table.epoch() <= epoch()) {
      return;
    }
    BitSet owned = partitions(partition -> isSelf(table.owner(partition)));
    changes.fire(new TableChange(kept(table, owned), owned));
    report(table, owned);
    inForce = table;
  }

  /** A partition that was elsewhere in between, in a table this node never saw, is not kept. */
  private BitSet kept(PartitionTable table, BitSet owned) {
    PartitionTable previous = inForce;
    return partitions(
        partition ->
            previous != null
                && owned.get(partition)
                && isSelf(previous.owner(partition))
                && table.since().get(partition) <= previous.epoch());
  }

  private boolean isSelf(Member member) {
    return member.instance().equals(config.self().instance());
  }

  private static BitSet partitions(IntPredicate wanted) {
    return IntStream.range(0, PartitionTable.PARTITIONS)
        .filter(wanted)
        .collect(BitSet::new, BitSet::set, BitSet::or);
  }

  private void report(PartitionTable table, BitSet owned) {
    LOG.log(
        Level.INFO,
        "epoch {0}: {1} of {2} partitions here, members {3}",
        Long.toString(table.epoch()),
        owned.cardinality(),
        Integer.toString(PartitionTable.PARTITIONS),
        table.members().stream().map(Member::name).toList());
  }
}
