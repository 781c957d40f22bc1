package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.smache.tests.Action.Kind;
import io.smache.tests.Action.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The checker itself, with histories known to be good and known to be bad. */
class LinearizabilityTest {
  @Test
  void holds_overlappingPutAndGets_inEitherOrder() {
    assertThat(Linearizability.holds(List.of(put("a", 0, 10), get(null, 1, 2), get("a", 3, 4))))
        .isTrue();
    assertThat(Linearizability.holds(List.of(put("a", 0, 10), get("a", 1, 2), get("a", 3, 4))))
        .isTrue();
  }

  @Test
  void holds_newThenOldRead_isFalse() {
    assertThat(Linearizability.holds(List.of(put("a", 0, 10), get("a", 1, 2), get(null, 3, 4))))
        .isFalse();
  }

  @Test
  void holds_lostWrite_isFalse() {
    assertThat(Linearizability.holds(List.of(put("a", 0, 1), get(null, 2, 3)))).isFalse();
    assertThat(Linearizability.holds(List.of(put("a", 0, 1), put("b", 2, 3), get("a", 4, 5))))
        .isFalse();
  }

  @Test
  void holds_deletedAndBack_isFalse() {
    Action deleted = action(Kind.DELETE, null, null, null, Result.DONE, 2, 3);
    assertThat(Linearizability.holds(List.of(put("a", 0, 1), deleted, get(null, 4, 5)))).isTrue();
    assertThat(Linearizability.holds(List.of(put("a", 0, 1), deleted, get("a", 4, 5)))).isFalse();
    assertThat(Linearizability.holds(List.of(deleted))).isFalse();
  }

  @Test
  void holds_unanswered_mayBeDoneOrNot() {
    Action lost = action(Kind.PUT, "a", null, null, Result.UNKNOWN, 0, Long.MAX_VALUE);
    assertThat(Linearizability.holds(List.of(lost, get(null, 1, 2), get("a", 3, 4)))).isTrue();
    assertThat(Linearizability.holds(List.of(lost, get(null, 1, 2)))).isTrue();
    assertThat(Linearizability.holds(List.of(lost, get("a", 1, 2), get(null, 3, 4)))).isFalse();
  }

  @Test
  void holds_twoWinners_isFalse() {
    Action first = action(Kind.CREATE, "a", null, null, Result.DONE, 0, 5);
    Action second = action(Kind.CREATE, "b", null, null, Result.DONE, 1, 6);
    Action refused = action(Kind.CREATE, "b", null, null, Result.REFUSED, 1, 6);
    assertThat(Linearizability.holds(List.of(first, second))).isFalse();
    assertThat(Linearizability.holds(List.of(first, refused))).isTrue();
    Action swapped = action(Kind.SWAP, "c", "a", null, Result.DONE, 7, 8);
    Action again = action(Kind.SWAP, "d", "a", null, Result.DONE, 7, 9);
    assertThat(Linearizability.holds(List.of(first, swapped))).isTrue();
    assertThat(Linearizability.holds(List.of(first, swapped, again))).isFalse();
  }

  @Test
  void holds_incrementTwiceTheSame_isFalse() {
    Action one = action(Kind.INCREMENT, null, null, "1", Result.DONE, 0, 5);
    Action two = action(Kind.INCREMENT, null, null, "2", Result.DONE, 1, 6);
    assertThat(Linearizability.holds(List.of(two, one))).isTrue();
    assertThat(Linearizability.holds(List.of(one, one))).isFalse();
  }

  @Test
  void holds_manyIncrementsWithoutAnswer_isFoundOutSoon() {
    List<Action> history = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      history.add(action(Kind.INCREMENT, null, null, null, Result.UNKNOWN, i, Long.MAX_VALUE));
    }
    history.add(action(Kind.INCREMENT, null, null, "31", Result.DONE, 100, 110));
    history.add(action(Kind.INCREMENT, null, null, "40", Result.DONE, 120, 130));
    assertThat(Linearizability.holds(history)).isTrue();
    history.add(get("9", 140, 150));
    assertThat(Linearizability.holds(history)).isFalse();
  }

  @Test
  void holds_manyPutsWithoutAnswer_isFoundOutSoon() {
    List<Action> history = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      history.add(action(Kind.PUT, "v" + i, null, null, Result.UNKNOWN, i, Long.MAX_VALUE));
      history.add(action(Kind.DELETE, null, null, null, Result.UNKNOWN, i, Long.MAX_VALUE));
    }
    history.add(get("v7", 100, 110));
    history.add(get(null, 120, 130));
    history.add(get("v9", 140, 150));
    assertThat(Linearizability.holds(history)).isTrue();
    history.add(get("v7", 160, 170));
    assertThat(Linearizability.holds(history)).isFalse();
  }

  @Test
  void holds_manyOfAllKindsWithoutAnswer_isFoundOutSoon() {
    List<Action> history = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      history.add(unanswered(Kind.DELETE, null, null, i));
      history.add(unanswered(Kind.PUT, "lost" + i, null, i));
      history.add(unanswered(Kind.CREATE, "made" + i, null, i));
      history.add(unanswered(Kind.SWAP, "swapped" + i, "v" + i, i));
    }
    for (int i = 0; i < 100; i++) {
      history.add(put("v" + i, 1000 + 10 * i, 1005 + 10 * i));
      history.add(get(i % 2 == 0 ? "v" + i : null, 1006 + 10 * i, 1009 + 10 * i));
    }
    assertThat(Linearizability.holds(history)).isTrue();
    history.add(get("v98", 3000, 3001));
    assertThat(Linearizability.holds(history)).isFalse();
  }

  @Test
  void holds_generatedFromAnOrder_isTrueUntilOneReadIsChanged() {
    for (long seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      List<Action> history = new ArrayList<>();
      String value = null;
      for (int point = 0; point < 300; point++) {
        long began = point * 10L - random.nextInt(60);
        long ended = point * 10L + random.nextInt(60);
        if (random.nextBoolean()) {
          value = "v" + point;
          history.add(put(value, began, ended));
        } else {
          history.add(get(value, began, ended));
        }
      }
      assertThat(Linearizability.holds(history)).as("seed " + seed).isTrue();
      history.add(get("never written", 500, 501));
      assertThat(Linearizability.holds(history)).as("seed " + seed).isFalse();
    }
  }

  private static Action unanswered(
      Kind kind, @Nullable String value, @Nullable String expected, long began) {
    return action(kind, value, expected, null, Result.UNKNOWN, began, Long.MAX_VALUE);
  }

  private static Action put(String value, long began, long ended) {
    return action(Kind.PUT, value, null, null, Result.DONE, began, ended);
  }

  private static Action get(@Nullable String seen, long began, long ended) {
    return action(Kind.GET, null, null, seen, Result.DONE, began, ended);
  }

  private static Action action(
      Kind kind,
      @Nullable String value,
      @Nullable String expected,
      @Nullable String seen,
      Result result,
      long began,
      long ended) {
    return new Action(kind, value, expected, seen, result, began, ended);
  }
}
