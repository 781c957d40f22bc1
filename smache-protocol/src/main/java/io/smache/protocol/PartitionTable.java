package io.smache.protocol;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Who owns which slice of the key space. Published by uplink only; of one cluster id a higher epoch
 * replaces a lower one. Immutable.
 *
 * @param clusterId names the cluster: made with its first table, and the same in all that follow
 * @param epoch number of this table, above 0
 * @param fixed whether the members never change: who is away keeps its partitions
 * @param members all nodes of the cluster, at least one
 * @param draining names of members that are about to leave and no longer own anything
 * @param owners for each of the {@value #PARTITIONS} partitions the index of its owner in {@code
 *     members}
 * @param since for each partition the epoch in which it came to its owner; a node that skipped
 *     tables sees by it whether the partition was elsewhere in between
 * @param from for each partition the index of the member from which its owner has it, or {@value
 *     #NOBODY}
 */
public record PartitionTable(
    String clusterId,
    long epoch,
    boolean fixed,
    List<Member> members,
    List<String> draining,
    List<Integer> owners,
    List<Long> since,
    List<Integer> from) {
  /** Number of partitions of the key space: the unit of ownership and movement. */
  public static final int PARTITIONS = 1024;

  /** Stands in {@code from} for a partition that began empty. */
  public static final int NOBODY = -1;

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException when a size, an index or an epoch is out of range
   */
  public PartitionTable {
    members = List.copyOf(members);
    draining = List.copyOf(draining);
    owners = List.copyOf(owners);
    since = List.copyOf(since);
    from = List.copyOf(from);
    int size = members.size();
    require(!Objects.requireNonNull(clusterId, "clusterId").isBlank(), "a table has a cluster id");
    require(epoch > 0, "epoch must be above 0");
    require(owners.size() == PARTITIONS, "a table has " + PARTITIONS + " owners");
    require(since.size() == PARTITIONS, "a table has " + PARTITIONS + " since epochs");
    require(from.size() == PARTITIONS, "a table says from whom " + PARTITIONS + " times");
    require(owners.stream().allMatch(i -> i >= 0 && i < size), "an owner is not in members");
    require(from.stream().allMatch(i -> i >= NOBODY && i < size), "a source is not in members");
    require(since.stream().allMatch(e -> e > 0 && e <= epoch), "a since epoch is out of range");
    require(
        members.stream().map(Member::name).distinct().count() == size, "a member name is repeated");
  }

  /**
   * Returns the owner of a partition.
   *
   * @param partition 0 to {@value #PARTITIONS} - 1
   */
  public Member owner(int partition) {
    return members.get(owners.get(partition));
  }

  /** Returns from whom the owner of a partition has it, or null when it began empty. */
  public @Nullable Member source(int partition) {
    int index = from.get(partition);
    return index == NOBODY ? null : members.get(index);
  }

  /** Returns the member of that name, if it is in this table. */
  public Optional<Member> member(String name) {
    return members.stream().filter(member -> member.name().equals(name)).findFirst();
  }

  /** Returns the member that is the process of that instance, if it is in this table. */
  public Optional<Member> process(String instance) {
    return members.stream().filter(member -> member.instance().equals(instance)).findFirst();
  }

  /** Returns whether this very process is a member. */
  public boolean has(Member process) {
    return process(process.instance()).isPresent();
  }

  /** Returns how many partitions the member owns. */
  public int partitionsOf(Member member) {
    int index = members.indexOf(member);
    return (int) owners.stream().filter(owner -> owner == index).count();
  }

  /** Returns the members that are not about to leave. */
  public List<Member> staying() {
    return members.stream().filter(member -> !draining.contains(member.name())).toList();
  }

  /** Returns whether a partition has another owner in the other table. */
  boolean isMoved(int partition, PartitionTable other) {
    return !owner(partition).isSameProcess(other.owner(partition));
  }

  /** Returns in how many partitions the tables differ. */
  public long movedTo(PartitionTable other) {
    return IntStream.range(0, PARTITIONS).filter(p -> isMoved(p, other)).count();
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
