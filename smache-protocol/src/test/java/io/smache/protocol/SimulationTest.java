package io.smache.protocol;

import static io.smache.protocol.PartitionTable.PARTITIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.smache.protocol.message.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The table algorithm alone, with many members for a long time. */
class SimulationTest {
  private static final int MEMBERS = 1000;
  private static final int CHANGES = 25_000;
  private static final int CHECKED = 1000;

  @Test
  void next_thousandMembers_movesTheLeastWithEveryChange() throws Exception {
    Random random = new Random(4);
    List<Member> members = new ArrayList<>();
    int named = 0;
    while (members.size() < MEMBERS) {
      members.add(member(named++));
    }
    PartitionTable table = Assignment.first("line", false, members, 1);
    long nanos = 0;
    long moved = 0;
    for (int change = 1; change <= CHANGES; change++) {
      boolean joins =
          members.size() < MEMBERS || (members.size() == MEMBERS && random.nextBoolean());
      Member changed = joins ? member(named++) : members.remove(random.nextInt(members.size()));
      if (joins) {
        members.add(changed);
      }
      long began = System.nanoTime();
      PartitionTable next = Assignment.next(table, members, Set.of(), table.epoch() + 1);
      nanos += System.nanoTime() - began;
      long least = joins ? next.partitionsOf(changed) : table.partitionsOf(changed);
      long now = table.movedTo(next);
      assertThat(now).as("change %d", change).isEqualTo(least);
      moved += now;
      if (change % CHECKED == 0) {
        assertThat(TableDifference.between(table, next).appliedTo(table)).isEqualTo(next);
      }
      table = next;
    }
    PartitionTable next =
        Assignment.next(table, members.subList(1, members.size()), Set.of(), Long.MAX_VALUE);
    int whole = Json.MAPPER.writeValueAsBytes(next).length;
    int difference = Json.MAPPER.writeValueAsBytes(TableDifference.between(table, next)).length;
    System.out.printf(
        "%,d changes among %,d members: %,d us each, %.2f partitions moved each;"
            + " a table has %,d bytes, a difference %,d%n",
        CHANGES, MEMBERS, nanos / CHANGES / 1000, (double) moved / CHANGES, whole, difference);
    assertThat(difference).isLessThan(whole / 50);
  }

  @Test
  void join_ofTheFifth_movesAFifthWhereTheOriginalMovesFour() {
    List<Member> four = IntStream.range(0, 4).mapToObj(SimulationTest::member).toList();
    List<Member> five = IntStream.range(0, 5).mapToObj(SimulationTest::member).toList();
    PartitionTable before = Assignment.first("line", false, four, 1);
    PartitionTable after = Assignment.next(before, five, Set.of(), 2);
    double here = 100.0 * before.movedTo(after) / PARTITIONS;
    double original =
        new Random(5).longs(100_000, 0, Long.MAX_VALUE).filter(key -> key % 4 != key % 5).count()
            / 1000.0;
    System.out.printf(
        "from 4 to 5 nodes: modulo over their list moves %.1f %% of the keys, this %.1f %%%n",
        original, here);
    assertThat(original).isBetween(79.0, 81.0);
    assertThat(here).isBetween(19.5, 20.5);
  }

  private static Member member(int number) {
    return new Member("node-" + number, "http://localhost:" + number, "instance-" + number);
  }
}
