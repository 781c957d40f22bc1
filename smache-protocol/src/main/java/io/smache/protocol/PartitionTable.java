package io.smache.protocol;

import java.util.List;
import java.util.Optional;

/**
 * Who owns which slice of the key space. Published by uplink only; a higher epoch replaces a lower
 * one. Immutable.
 *
 * @param epoch number of this table, above 0
 * @param members all nodes of the cluster, at least one
 * @param owners for each of the {@value #PARTITIONS} partitions the index of its owner in {@code
 *     members}
 * @param since for each partition the epoch in which it came to its owner; a node that skipped
 *     tables sees by it whether the partition was elsewhere in between
 */
public record PartitionTable(
    long epoch, List<Member> members, List<Integer> owners, List<Long> since) {
  /** Number of partitions of the key space: the unit of ownership and movement. */
  public static final int PARTITIONS = 1024;

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException when a size, an index or an epoch is out of range
   */
  public PartitionTable {
    members = List.copyOf(members);
    owners = List.copyOf(owners);
    since = List.copyOf(since);
    require(epoch > 0, "epoch must be above 0");
    require(owners.size() == PARTITIONS, "a table has " + PARTITIONS + " owners");
    require(since.size() == PARTITIONS, "a table has " + PARTITIONS + " since epochs");
    int size = members.size();
    require(owners.stream().allMatch(i -> i >= 0 && i < size), "an owner is not in members");
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

  /** Returns the member of that name, if it is in this table. */
  public Optional<Member> member(String name) {
    return members.stream().filter(member -> member.name().equals(name)).findFirst();
  }

  /** Returns how many partitions the member owns. */
  public int partitionsOf(Member member) {
    int index = members.indexOf(member);
    return (int) owners.stream().filter(owner -> owner == index).count();
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
