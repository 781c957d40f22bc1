package io.smache.protocol;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a table has that the one before it had not: small, however many members there are.
 * Immutable.
 *
 * @param base epoch of the table that it changes
 * @param epoch of the table that it makes
 * @param gone names of members that are gone
 * @param come members that are new, or another process than before
 * @param draining names of members that are about to leave
 * @param changes partitions whose row is another
 */
public record TableDifference(
    long base,
    long epoch,
    List<String> gone,
    List<Member> come,
    List<String> draining,
    List<Change> changes) {

  /**
   * The new row of a partition.
   *
   * @param owner index in the members of the new table
   * @param from index in the members of the new table, or {@link PartitionTable#NOBODY}
   */
  public record Change(int partition, int owner, long since, int from) {}

  /** Copies the lists. */
  public TableDifference {
    gone = List.copyOf(gone);
    come = List.copyOf(come);
    draining = List.copyOf(draining);
    changes = List.copyOf(changes);
  }

  /** Returns what makes the one table the other. */
  public static TableDifference between(PartitionTable before, PartitionTable after) {
    List<String> gone =
        before.members().stream()
            .map(Member::name)
            .filter(name -> after.member(name).isEmpty())
            .toList();
    List<Member> come =
        after.members().stream().filter(member -> !before.members().contains(member)).toList();
    TableDifference members =
        new TableDifference(before.epoch(), after.epoch(), gone, come, after.draining(), List.of());
    PartitionTable carried = members.appliedTo(before);
    List<Change> changes = new ArrayList<>();
    for (int p = 0; p < PartitionTable.PARTITIONS; p++) {
      Change wanted = row(after, p);
      if (!row(carried, p).equals(wanted)) {
        changes.add(wanted);
      }
    }
    return new TableDifference(
        before.epoch(), after.epoch(), gone, come, after.draining(), changes);
  }

  private static Change row(PartitionTable table, int partition) {
    return new Change(
        partition,
        table.owners().get(partition),
        table.since().get(partition),
        table.from().get(partition));
  }

  /**
   * Returns the table that this makes of another.
   *
   * @throws IllegalArgumentException when the other is not the one that it changes
   */
  public PartitionTable appliedTo(PartitionTable before) {
    if (before.epoch() != base) {
      throw new IllegalArgumentException("this changes epoch " + base + ", not " + before.epoch());
    }
    List<Member> members = members(before);
    Map<String, Integer> places = new HashMap<>();
    members.forEach(member -> places.put(member.name(), places.size()));
    List<Integer> moved =
        before.members().stream()
            .map(member -> places.getOrDefault(member.name(), PartitionTable.NOBODY))
            .toList();
    List<Integer> owners = new ArrayList<>(before.owners().stream().map(moved::get).toList());
    owners.replaceAll(owner -> Math.max(owner, 0)); // those of who is gone are among the changes
    List<Long> since = new ArrayList<>(before.since());
    List<Integer> from =
        new ArrayList<>(
            before.from().stream()
                .map(index -> index == PartitionTable.NOBODY ? index : moved.get(index))
                .toList());
    for (Change change : changes) {
      owners.set(change.partition(), change.owner());
      since.set(change.partition(), change.since());
      from.set(change.partition(), change.from());
    }
    return new PartitionTable(
        before.clusterId(), epoch, before.fixed(), members, draining, owners, since, from);
  }

  /** As {@link Assignment} orders them: who stays keeps its place, the new follow. */
  private List<Member> members(PartitionTable before) {
    Map<String, Member> coming =
        come.stream().collect(Collectors.toMap(Member::name, Function.identity()));
    List<Member> members = new ArrayList<>();
    for (Member member : before.members()) {
      Member now = coming.getOrDefault(member.name(), member);
      if (!gone.contains(member.name())) {
        members.add(now);
      }
    }
    come.stream().filter(member -> before.member(member.name()).isEmpty()).forEach(members::add);
    return members;
  }
}
