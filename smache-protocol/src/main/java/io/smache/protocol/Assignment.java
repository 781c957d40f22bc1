package io.smache.protocol;

import static io.smache.protocol.PartitionTable.PARTITIONS;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Spreads the partitions over members with the minimum of movement: on a join only the joiner
 * receives, on a leave only the leaver's partitions move, and the members' shares never differ by
 * more than one partition.
 *
 * <p>Ownership follows the member's name: a node restarted under its name keeps its partitions. Not
 * thread-safe; one use makes one table.
 */
public final class Assignment {
  private static final int UNOWNED = -1;

  private final List<Member> members;
  private final int[] owners = new int[PARTITIONS];
  private final int[] shares;

  private Assignment(@Nullable PartitionTable previous, Collection<Member> joined) {
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
   * Returns the table for the given members.
   *
   * @param previous the table in force before, or null for the first one
   * @param members who is in the cluster now, at least one, names unique
   * @param epoch number of the new table, above the previous one's
   * @throws IllegalArgumentException when there is no member or the epoch does not grow
   */
  public static PartitionTable next(
      @Nullable PartitionTable previous, Collection<Member> members, long epoch) {
    if (members.isEmpty()) {
      throw new IllegalArgumentException("a partition table needs at least one member");
    }
    if (previous != null && epoch <= previous.epoch()) {
      throw new IllegalArgumentException("epoch " + epoch + " is not above " + previous.epoch());
    }
    return new Assignment(previous, members).balanced().table(previous, epoch);
  }

  /** Members that stay keep their place, so that equal shares keep their order; the new follow. */
  private static List<Member> ordered(@Nullable PartitionTable previous, Collection<Member> all) {
    List<String> known =
        previous == null ? List.of() : previous.members().stream().map(Member::name).toList();
    List<Member> ordered = new ArrayList<>(all);
    ordered.sort(
        Comparator.comparingInt((Member member) -> place(known, member.name()))
            .thenComparing(Member::name));
    return ordered;
  }

  private static int place(List<String> known, String name) {
    int index = known.indexOf(name);
    return index < 0 ? known.size() : index;
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
    List<Integer> byShare = new ArrayList<>(IntStream.range(0, shares.length).boxed().toList());
    byShare.sort(Collections.reverseOrder(Comparator.comparingInt(i -> shares[i])));
    int[] quotas = new int[shares.length];
    int odd = PARTITIONS % shares.length;
    for (int rank = 0; rank < shares.length; rank++) {
      quotas[byShare.get(rank)] = PARTITIONS / shares.length + (rank < odd ? 1 : 0);
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

  private PartitionTable table(@Nullable PartitionTable previous, long epoch) {
    List<Long> since = new ArrayList<>(PARTITIONS);
    for (int partition = 0; partition < PARTITIONS; partition++) {
      since.add(sinceEpoch(partition, previous, epoch));
    }
    return new PartitionTable(epoch, members, IntStream.of(owners).boxed().toList(), since);
  }

  private long sinceEpoch(int partition, @Nullable PartitionTable previous, long epoch) {
    if (previous == null) {
      return epoch;
    }
    String owner = members.get(owners[partition]).name();
    boolean stayed = previous.owner(partition).name().equals(owner);
    return stayed ? previous.since().get(partition) : epoch;
  }
}
