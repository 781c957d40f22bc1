package io.smache.protocol;

import static io.smache.protocol.PartitionTable.PARTITIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AssignmentTest {
  @Test
  void next_noMembers_refuses() {
    assertThatThrownBy(() -> Assignment.first("line", false, List.of(), 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void next_sameEpoch_refuses() {
    PartitionTable table = Assignment.first("line", false, List.of(member(1)), 7);
    assertThatThrownBy(() -> Assignment.next(table, List.of(member(1)), Set.of(), 7))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void next_restartedMember_movesNothing() {
    PartitionTable before = Assignment.first("line", false, List.of(member(1), member(2)), 1);
    Member restarted = new Member("node-1", "http://localhost:1", "another process");
    PartitionTable after = Assignment.next(before, List.of(restarted, member(2)), Set.of(), 2);
    assertThat(moved(before, after)).isEmpty();
    assertThat(after.member("node-1")).contains(restarted);
    for (int p = 0; p < PARTITIONS; p++) {
      boolean same = after.owner(p).name().equals("node-2");
      assertThat(after.since().get(p)).isEqualTo(same ? 1 : 2);
      assertThat(after.source(p)).isNull();
    }
  }

  @ParameterizedTest
  @MethodSource("histories")
  void next_anyJoinsAndLeaves_keepsSharesWithinOne(List<Integer> history) {
    replay(
        history, (before, after, joined, left) -> assertThat(spread(after)).isLessThanOrEqualTo(1));
  }

  @ParameterizedTest
  @MethodSource("histories")
  void next_join_movesOnlyToTheJoinerAndNoMoreThanItsShare(List<Integer> history) {
    replay(
        history,
        (before, after, joined, left) -> {
          if (joined != null && before != null) {
            List<Integer> moved = moved(before, after);
            assertThat(moved).allMatch(partition -> after.owner(partition).equals(joined));
            assertThat(moved).hasSize(after.partitionsOf(joined));
          }
        });
  }

  @ParameterizedTest
  @MethodSource("histories")
  void next_leave_movesOnlyWhatTheLeaverOwned(List<Integer> history) {
    replay(
        history,
        (before, after, joined, left) -> {
          if (left != null && before != null) {
            assertThat(moved(before, after)).allMatch(p -> before.owner(p).equals(left));
          }
        });
  }

  @ParameterizedTest
  @MethodSource("histories")
  void next_anyChange_datesWhatMovedAndOnlyThat(List<Integer> history) {
    replay(
        history,
        (before, after, joined, left) -> {
          if (before != null) {
            for (int p = 0; p < PARTITIONS; p++) {
              boolean stayed = before.owner(p).name().equals(after.owner(p).name());
              assertThat(after.since().get(p))
                  .isEqualTo(stayed ? before.since().get(p) : after.epoch());
            }
          }
        });
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void next_severalAtOnce_keepsSharesWithinOne(long seed) {
    Random random = new Random(seed);
    int first = 1 + random.nextInt(60);
    int second = 1 + random.nextInt(60);
    PartitionTable before = Assignment.first("line", false, members(0, first), 1);
    PartitionTable after =
        Assignment.next(before, members(first / 2, first / 2 + second), Set.of(), 2);
    assertThat(spread(after)).isLessThanOrEqualTo(1);
  }

  private static LongStream seeds() {
    return LongStream.range(0, 100);
  }

  /** Each number is a node that joins if it is not there, and leaves if it is. */
  private static Stream<List<Integer>> histories() {
    return seeds()
        .mapToObj(Random::new)
        .map(random -> random.ints(1 + random.nextInt(60), 0, 41).boxed().toList());
  }

  private interface Step {
    void check(
        @Nullable PartitionTable before,
        PartitionTable after,
        @Nullable Member joined,
        @Nullable Member left);
  }

  private static void replay(List<Integer> history, Step step) {
    List<Member> members = new ArrayList<>();
    PartitionTable table = null;
    long epoch = 0;
    for (int number : history) {
      Member member = member(number);
      boolean left = members.remove(member);
      if (!left) {
        members.add(member);
      }
      if (members.isEmpty()) {
        table = null;
        continue;
      }
      epoch++;
      PartitionTable next =
          table == null
              ? Assignment.first("line", false, members, epoch)
              : Assignment.next(table, members, Set.of(), epoch);
      step.check(table, next, left ? null : member, left ? member : null);
      table = next;
    }
  }

  private static int spread(PartitionTable table) {
    IntSummaryStatistics shares =
        table.members().stream().mapToInt(table::partitionsOf).summaryStatistics();
    assertThat(shares.getSum()).isEqualTo(PARTITIONS);
    return shares.getMax() - shares.getMin();
  }

  private static List<Integer> moved(PartitionTable before, PartitionTable after) {
    return IntStream.range(0, PARTITIONS)
        .filter(p -> !before.owner(p).name().equals(after.owner(p).name()))
        .boxed()
        .toList();
  }

  private static List<Member> members(int from, int to) {
    return IntStream.range(from, to).mapToObj(AssignmentTest::member).toList();
  }

  private static Member member(int number) {
    return new Member("node-" + number, "http://localhost:" + number, "instance-" + number);
  }
}
