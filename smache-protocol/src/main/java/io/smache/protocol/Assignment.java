package io.smache.protocol;

import static io.smache.protocol.PartitionTable.PARTITIONS;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Spreads the partitions over members with the minimum of movement: on a join only the joiner
 * receives, on a leave only the leaver's partitions move, and the members' shares never differ by
 * more than one partition.
 *
 * <p>OwnershipUpdater follows the member's name: a node restarted under its name keeps its
 * partitions. Not thread-safe; one use makes one table.
 */
public final class Assignment {
  private static final int UNOWNED = -1;

  private final List<Member> members;
  private final Set<String> draining;
  private final int[] owners = new int[PARTITIONS];
  private final int[] shares;

  private Assignment(
      @Nullable PartitionTable previous, Collection<Member> joined, Set<String> draining) {
    this.draining = draining;
    members = ordered(previous, joined);
    shares = new int[members.size()];
    Map<String, Integer> indexes = new HashMap<>();
    members.forEach(member -> indexes.put(member.name(), indexes.size()));
    for (int partition = 0; partition < PARTITIONS; partition++) {
      owners[partition] = UNOWNED;
      if (previous != null) {
        give(partition, indexes.getOrDefault(previous.owner(partition).name(), UNOWNED));
      }
    }
  }

  /**
   * Returns the first table of a cluster.
   *
   * @param clusterId names the cluster
   * @param fixed whether its members never change
   * @param members who is in the cluster, at least one, names unique
   * @param epoch number of the table, above 0
   * @throws IllegalArgumentException when there is no member
   */
  public static PartitionTable first(
      String clusterId, boolean fixed, Collection<Member> members, long epoch) {
    requireMember(!members.isEmpty());
    return new Assignment(null, members, Set.of()).balanced().table(clusterId, fixed, epoch);
  }

  /**
   * Returns the table that follows another.
   *
   * @param previous the table in force before
   * @param members who is in the cluster now, at least one, names unique
   * @param draining names of those among them that are to own nothing; not all of them
   * @param epoch number of the new table, above the previous one's
   * @throws IllegalArgumentException when nobody is there to own or the epoch does not grow
   */
  public static PartitionTable next(
      PartitionTable previous, Collection<Member> members, Set<String> draining, long epoch) {
    requireMember(members.stream().anyMatch(member -> !draining.contains(member.name())));
    if (epoch <= previous.epoch()) {
      throw new IllegalArgumentException("epoch " + epoch + " is not above " + previous.epoch());
    }
    return new Assignment(previous, members, draining).balanced().follow(previous, epoch);
  }

  private static void requireMember(boolean condition) {
    if (!condition) {
      throw new IllegalArgumentException("a partition table needs a member that may own");
    }
  }

  /** Members that stay keep their place, so that equal shares keep their order; the new follow. */
  private static List<Member> ordered(@Nullable PartitionTable previous, Collection<Member> all) {
    Map<String, Integer> places = new HashMap<>();
    if (previous != null) {
      previous.members().forEach(member -> places.put(member.name(), places.size()));
    }
    List<Member> ordered = new ArrayList<>(all);
    ordered.sort(
        Comparator.comparingInt(
                (Member member) -> places.getOrDefault(member.name(), Integer.MAX_VALUE))
            .thenComparing(Member::name));
    return ordered;
  }

  private Assignment balanced() {
    int[] quotas = quotas();
    for (int partition = PARTITIONS - 1; partition >= 0; partition--) {
      int owner = owners[partition];
      if (owner != UNOWNED && shares[owner] > quotas[owner]) {
        take(partition);
      }
    }
    int next = 0;
    for (int partition = 0; partition < PARTITIONS; partition++) {
      if (owners[partition] == UNOWNED) {
        next = nextBelowQuota(next, quotas);
        give(partition, next);
        next++;
      }
    }
    return this;
  }

  /** The members that own most get the odd partitions: whoever has one more already keeps it. */
  private int[] quotas() {
    List<Integer> byShare =
        IntStream.range(0, shares.length)
            .filter(i -> !draining.contains(members.get(i).name()))
            .boxed()
            .sorted(Collections.reverseOrder(Comparator.comparingInt(i -> shares[i])))
            .toList();
    int[] quotas = new int[shares.length];
    int odd = PARTITIONS % byShare.size();
    for (int rank = 0; rank < byShare.size(); rank++) {
      quotas[byShare.get(rank)] = PARTITIONS / byShare.size() + (rank < odd ? 1 : 0);
    }
    return quotas;
  }

  private int nextBelowQuota(int from, int[] quotas) {
    int index = from % shares.length;
    while (shares[index] >= quotas[index]) {
      index = (index + 1) % shares.length;
    }
    return index;
  }

  private void give(int partition, int owner) {
    owners[partition] = owner;
    if (owner != UNOWNED) {
      shares[owner]++;
    }
  }

  private void take(int partition) {
    shares[owners[partition]]--;
    owners[partition] = UNOWNED;
  }

  private PartitionTable table(String clusterId, boolean fixed, long epoch) {
    return new PartitionTable(
        clusterId,
        epoch,
        fixed,
        members,
        List.of(),
        boxedOwners(),
        Collections.nCopies(PARTITIONS, epoch),
        Collections.nCopies(PARTITIONS, PartitionTable.NOBODY));
  }

  /** Who owns is a process: one that was restarted under its name begins empty. */
  private PartitionTable follow(PartitionTable previous, long epoch) {
    Map<String, Integer> processes = new HashMap<>();
    members.forEach(member -> processes.put(member.instance(), processes.size()));
    List<Long> since = new ArrayList<>(PARTITIONS);
    List<Integer> from = new ArrayList<>(PARTITIONS);
    for (int partition = 0; partition < PARTITIONS; partition++) {
      Member before = previous.owner(partition);
      boolean stayed = before.isSameProcess(members.get(owners[partition]));
      Member source = stayed ? previous.source(partition) : before;
      since.add(stayed ? previous.since().get(partition) : epoch);
      from.add(source == null ? PartitionTable.NOBODY : index(processes, source));
    }
    List<String> leaving = members.stream().map(Member::name).filter(draining::contains).toList();
    return new PartitionTable(
        previous.clusterId(),
        epoch,
        previous.fixed(),
        members,
        leaving,
        boxedOwners(),
        since,
        from);
  }

  private static int index(Map<String, Integer> processes, Member process) {
    return processes.getOrDefault(process.instance(), PartitionTable.NOBODY);
  }

  private List<Integer> boxedOwners() {
    return IntStream.of(owners).boxed().toList();
  }
}
