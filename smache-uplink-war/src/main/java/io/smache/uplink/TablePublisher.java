package io.smache.uplink;

import io.smache.protocol.Assignment;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import io.smache.protocol.TableDifference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The partition tables of one cluster, one after the other: each has a higher epoch than any that
 * was ever seen, and the last differences are kept. Guarded by the monitor of its registry.
 */
final class TablePublisher {
  private static final int DIFFERENCES = 64;

  private final Deque<TableDifference> differences = new ArrayDeque<>();
  private @Nullable PartitionTable table;
  private @Nullable String clusterId;
  private long highestEpoch;

  /** Returns the last table; empty while there is none. */
  Optional<PartitionTable> table() {
    return Optional.ofNullable(table);
  }

  /** Returns the epoch of the last table, 0 while there is none. */
  long epoch() {
    PartitionTable current = table;
    return current == null ? 0 : current.epoch();
  }

  /** Returns whether a member is in the last table. */
  boolean has(Member member) {
    PartitionTable current = table;
    return current != null && current.has(member);
  }

  /** Returns what leads from the table of an epoch to the next; empty when it is not known. */
  Optional<TableDifference> differenceTo(long epoch) {
    return differences.stream().filter(each -> each.base() == epoch).findFirst();
  }

  /**
   * Notes the cluster that a node belongs to; the first that is shown becomes that of uplink.
   *
   * @param shown cluster id of the node's table, null when it has none
   * @throws RefusedException when it is another cluster
   */
  void admit(@Nullable String shown) throws RefusedException {
    if (shown == null) {
      return;
    }
    if (clusterId == null) {
      clusterId = shown;
    } else if (!clusterId.equals(shown)) {
      throw new RefusedException(
          "this node belongs to the cluster %s and this uplink serves %s; restart the node to let it"
                  .formatted(shown, clusterId)
              + " join empty, or give it the address of its own uplink");
    }
  }

  /** Notes an epoch that a node has seen: later tables have higher ones. */
  void saw(long epoch) {
    highestEpoch = Math.max(highestEpoch, epoch);
  }

  /** Continues from a table that a node has, if it is newer than the last. */
  void learn(PartitionTable known) {
    if (known.epoch() > epoch()) {
      table = known;
    }
  }

  /** Publishes the first table. */
  void publishFirst(List<Member> members, boolean fixed) {
    String id = clusterId == null ? UUID.randomUUID().toString() : clusterId;
    clusterId = id;
    highestEpoch++;
    table = Assignment.first(id, fixed, members, highestEpoch);
  }

  /** Publishes the next table if it differs from the last in more than its epoch. */
  void publishNext(PartitionTable current, List<Member> members, Set<String> draining) {
    boolean same =
        new HashSet<>(current.members()).equals(new HashSet<>(members))
            && new HashSet<>(current.draining()).equals(draining)
            && current.epoch() >= highestEpoch;
    if (same) {
      return;
    }
    highestEpoch++;
    PartitionTable next = Assignment.next(current, members, draining, highestEpoch);
    differences.addLast(TableDifference.between(current, next));
    if (differences.size() > DIFFERENCES) {
      differences.removeFirst();
    }
    table = next;
  }

  /** Has no table any longer: nobody is left. */
  void clear() {
    table = null;
    differences.clear();
  }
}
