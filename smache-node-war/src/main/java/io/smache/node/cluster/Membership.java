package io.smache.node.cluster;

import io.smache.node.runtime.NodeScoped;
import io.smache.node.store.Key;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * This node's view of the cluster: the table in force. A node without uplink is a cluster of its
 * own. Thread-safe.
 */
@NodeScoped
public class Membership {
  private static final Route HERE = new Route.Here();

  /** The reason before this node has its first table. */
  public static final String NOT_JOINED = "this node has not joined its cluster yet";

  private static final Logger LOG = System.getLogger(Membership.class.getName());
  private static final int MOST_GONE = 100;
  private static final int CONFLICT = 409;

  private final ClusterConfig config;
  private final Consumer<TableChange> changes;
  private final Consumer<TableInForce> inForces;

  private final List<String> gone = new CopyOnWriteArrayList<>();
  private volatile IntSupplier arriving = () -> 0;
  private volatile IntSupplier leaving = () -> 0;

  /** Written under this object's monitor. */
  private volatile @Nullable PartitionTable inForce;

  @Inject
  Membership(ClusterConfig config, Event<TableChange> changes, Event<TableInForce> inForces) {
    this(config, changes::fire, inForces::fire);
  }

  /**
   * Begins without a table.
   *
   * @param changes is told of a table before it is in force
   * @param inForces is told of a table once it is in force
   */
  public Membership(
      ClusterConfig config, Consumer<TableChange> changes, Consumer<TableInForce> inForces) {
    this.config = config;
    this.changes = changes;
    this.inForces = inForces;
  }

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
    return table().map(table -> table.has(self())).orElse(false);
  }

  /** Returns where the key lives. */
  public Route route(Key key) {
    PartitionTable table = inForce;
    if (table == null) {
      return new Route.Nowhere();
    }
    Member owner = table.owner(key.partition());
    return isSelf(owner) ? HERE : new Route.There(owner, table.epoch());
  }

  /**
   * Returns whether this process is a member that is about to leave: it no longer owns anything,
   * and is to be asked nothing.
   */
  public boolean isDraining() {
    return isActive()
        && table().map(table -> table.draining().contains(self().name())).orElse(false);
  }

  /** Returns whether this process owns a partition in the table in force. */
  public boolean isOwner() {
    return table().map(table -> table.partitionsOf(self()) > 0).orElse(false);
  }

  /** Returns the cluster id of the table in force, empty while there is none. */
  public Optional<String> clusterId() {
    return table().map(PartitionTable::clusterId);
  }

  /**
   * Returns what the nodes of a cluster name it by: its cluster id; a node that has no table yet is
   * a cluster of its own.
   */
  public String cluster() {
    return clusterId().orElse(self().instance());
  }

  /** Sets the sources of the numbers of partitions that arrive and leave. */
  public void counting(IntSupplier arriving, IntSupplier leaving) {
    this.arriving = arriving;
    this.leaving = leaving;
  }

  /** Returns how many partitions are not completely here yet. */
  public int arriving() {
    return arriving.getAsInt();
  }

  /** Returns how many partitions are not completely handed over yet. */
  public int leaving() {
    return leaving.getAsInt();
  }

  /**
   * Returns names of members of earlier tables that are no longer in the table, some of the last.
   */
  public List<String> gone() {
    return List.copyOf(gone);
  }

  /**
   * Puts a table in force if it is newer; observers of {@link TableChange} have acted on it before.
   *
   * @throws RefusedException when it is a table of another cluster
   */
  public synchronized void accept(PartitionTable table) {
    if (clusterId().filter(known -> !known.equals(table.clusterId())).isPresent()) {
      throw new RefusedException(
          "the table of another cluster, whose cluster id is " + table.clusterId(), CONFLICT);
    }
    if (table.epoch() <= epoch()) {
      return;
    }
    PartitionTable before = inForce;
    BitSet owned = partitions(partition -> isSelf(table.owner(partition)));
    changes.accept(new TableChange(before, table, kept(table, owned), owned));
    report(table, owned);
    inForce = table;
    remember(before, table);
    inForces.accept(new TableInForce(table));
  }

  private void remember(@Nullable PartitionTable before, PartitionTable table) {
    if (before != null) {
      before.members().stream().map(Member::name).filter(n -> !gone.contains(n)).forEach(gone::add);
    }
    gone.removeIf(name -> table.member(name).isPresent());
    while (gone.size() > MOST_GONE) {
      gone.remove(0);
    }
  }

  /**
   * A partition that another node owned in between, in a table this node never saw, is not kept.
   */
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
    return member.isSameProcess(config.self());
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
