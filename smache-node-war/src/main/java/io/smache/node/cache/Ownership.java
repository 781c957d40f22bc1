package io.smache.node.cache;

import io.smache.node.cluster.Membership;
import io.smache.node.cluster.Route;
import io.smache.node.cluster.TableChange;
import io.smache.node.cluster.TableInForce;
import io.smache.node.shard.Shards;
import io.smache.node.store.Caches;
import io.smache.node.store.Departures.Leaving;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
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
 * Lets the shards follow the partition table. What moves away is fenced first; then it waits to be
 * handed over, or is wiped when its new owner began empty. What comes is open at once: a key that
 * is not here yet is asked for.
 */
@ApplicationScoped
class Ownership {
  private static final Logger LOG = System.getLogger(Ownership.class.getName());

  @Inject Membership membership;
  @Inject Shards shards;
  @Inject Caches caches;
  @Inject Arrivals arrivals;
  @Inject Mover mover;
  @Inject Waiting waiting;

  @PostConstruct
  void count() {
    membership.counting(arrivals::size, () -> shards.departures().size());
  }

  void follow(@Observes TableChange change) {
    arrivals.fence(change.kept());
    abandon(change.table());
    List<Leaving> leaving = leaving(change);
    BitSet wiped = wiped(change, leaving);
    if (!wiped.isEmpty()) {
      long entries = caches.removePartitions(wiped::get);
      LOG.log(Level.INFO, "wiped {0} entries that are another''s now", Long.toString(entries));
    }
    shards.departures().begin(leaving);
    arrivals.begin(change);
  }

  /** By now requests go to the new owners. */
  void handOver(@Observes TableInForce inForce) {
    waiting.wakeOthers(key -> membership.route(key) instanceof Route.Here);
    arrivals.prepare(inForce.table());
    mover.wake();
  }

  /** Whoever was restarted or removed will not ask any more, nor will what it had come back. */
  private void abandon(PartitionTable table) {
    Set<String> present =
        table.has(membership.self())
            ? table.members().stream().map(Member::instance).collect(Collectors.toSet())
            : Set.of();
    int lost = shards.departures().abandon(present);
    if (lost > 0) {
      LOG.log(Level.WARNING, "{0} partitions were for a node that is gone: wiped", lost);
    }
  }

  private List<Leaving> leaving(TableChange change) {
    PartitionTable before = change.before();
    if (before == null) {
      return List.of();
    }
    PartitionTable table = change.table();
    Member self = membership.self();
    return IntStream.range(0, PartitionTable.PARTITIONS)
        .filter(p -> before.owner(p).isSameProcess(self))
        .filter(p -> !table.owner(p).isSameProcess(self))
        .filter(p -> isSame(table.giver(p), self))
        .mapToObj(p -> new Leaving(p, table.since().get(p), table.owner(p).instance()))
        .toList();
  }

  private static boolean isSame(@Nullable Member one, Member other) {
    return one != null && one.isSameProcess(other);
  }

  /** Owned before, not kept, and for nobody: also what this node gets anew but had before. */
  private BitSet wiped(TableChange change, List<Leaving> leaving) {
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
