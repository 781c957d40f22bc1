package io.smache.node.engine.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Copies end with the decision of the owner that was the last one, however messages run. */
class DecisionsTest {
  private static final int PARTITIONS = 4;
  private static final String KEY = "key";

  private final Decisions owner = new Decisions(PARTITIONS);
  private final Decisions copy = new Decisions(PARTITIONS);
  private final List<String> done = new ArrayList<>();

  private boolean follow(long number, String what) {
    return copy.follow(1, KEY, number, () -> done.add(what));
  }

  @Test
  void follow_late_isNotDone() {
    long first = owner.next(7);
    long second = owner.next(7);
    assertThat(follow(second, "second")).isTrue();
    assertThat(follow(first, "first")).isFalse();
    assertThat(done).containsExactly("second");
  }

  @Test
  void follow_theSameAgain_isDoneAgain() {
    long number = owner.next(7);
    assertThat(follow(number, "one")).isTrue();
    assertThat(follow(number, "one")).isTrue();
  }

  /** An owner that has decided much is gone; what it has said and comes late is not done. */
  @Test
  void next_ofALaterOwner_isGreaterThanAllOfTheOneBefore() {
    long late = 0;
    for (int i = 0; i < 1000; i++) {
      late = owner.next(7);
    }
    Decisions another = new Decisions(PARTITIONS);
    assertThat(follow(another.next(8), "later owner")).isTrue();
    assertThat(follow(late, "late")).isFalse();
  }

  /** Numbered among those of the later owner, it would be taken for one of theirs. */
  @Test
  void next_byAnEarlierPlacement_isRefused() {
    owner.next(8);
    assertThatThrownBy(() -> owner.next(7)).isInstanceOf(IllegalStateException.class);
    assertThat(owner.next(8)).isEqualTo((8L << 36) + 1);
  }

  /** All that one message says has one number. */
  @Test
  void follow_ofOtherKeysWithTheSameNumber_isDone() {
    long number = owner.next(7);
    for (int i = 0; i < 100; i++) {
      assertThat(copy.follow(1, "key-" + i, number, () -> done.add("done"))).isTrue();
    }
    assertThat(done).hasSize(100);
  }

  @Test
  void follow_ofOtherPartitions_isIndependent() {
    long number = owner.next(7);
    assertThat(follow(owner.next(7), "here")).isTrue();
    assertThat(copy.follow(2, KEY, number, () -> done.add("there"))).isTrue();
  }

  @Test
  void follow_byManyThreadsInAnyOrder_endsWithTheLast() throws Exception {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      List<Long> numbers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        numbers.add(owner.next(round));
      }
      long last = numbers.get(numbers.size() - 1);
      Collections.shuffle(numbers, random);
      long[] cell = new long[1];
      ExecutorService threads = Executors.newFixedThreadPool(4);
      numbers.forEach(
          each -> threads.execute(() -> copy.follow(1, KEY, each, () -> cell[0] = each)));
      threads.shutdown();
      assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
      assertThat(cell[0]).isEqualTo(last);
    }
  }
}
