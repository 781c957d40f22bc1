package io.smache.node.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class GenerationsTest {
  private static final int MANY = 200_000;

  private final InvalidationBudget budget = InvalidationBudget.beside(0);
  private final Generations generations = new Generations(budget);

  @Test
  void prefix_coversWhatBeginsSoAndWasWrittenBefore() throws KeyException {
    generations.record(Invalidation.ofPrefix(Key.of("user:")), 5);
    generations.record(Invalidation.ofPrefix(Key.of("é")), 5);
    assertThat(covers("user:1", 5)).isTrue();
    assertThat(covers("user:", 5)).isTrue();
    assertThat(covers("éa", 5)).isTrue();
    assertThat(covers("user:1", 6)).isFalse();
    assertThat(covers("user", 5)).isFalse();
    assertThat(covers("users", 5)).isFalse();
    assertThat(covers("xuser:", 5)).isFalse();
  }

  @Test
  void prefix_withinAnother_countsByItself() throws KeyException {
    generations.record(Invalidation.ofPrefix(Key.of("a")), 1);
    generations.record(Invalidation.ofPrefix(Key.of("aa")), 9);
    assertThat(covers("ab", 5)).isFalse();
    assertThat(covers("aab", 5)).isTrue();
  }

  @Test
  void prefixes_beyondTheBudget_becomeAllOfTheCache() throws KeyException {
    for (int i = 1; i <= MANY; i++) {
      generations.record(Invalidation.ofPrefix(Key.of("%09d".formatted(i))), i);
    }
    assertThat(covers("000000001x", 1)).isTrue();
    assertThat(covers("other", 1)).as("all of the cache is covered").isTrue();
    assertThat(covers("other", MANY + 1)).isFalse();
    assertThat(generations.pending().size()).isLessThan(MANY / 10);
    assertThat(budget.used()).isLessThanOrEqualTo(1 << 20);
  }

  @Test
  void groups_beyondTheBudget_becomeAllOfTheCache() throws KeyException {
    for (int i = 1; i <= MANY; i++) {
      generations.record(Invalidation.ofGroups(List.of("g" + i)), i);
    }
    assertThat(covers("k", 1)).isTrue();
    assertThat(covers("k", MANY + 1)).isFalse();
    assertThat(generations.pending().size()).isLessThan(MANY / 10);
  }

  @Test
  void prefixes_ofTooManyLengths_becomeAllOfTheCache() throws KeyException {
    for (int length = 1; length <= Generations.MAX_LENGTHS; length++) {
      generations.record(Invalidation.ofPrefix(Key.of("p".repeat(length))), 1);
    }
    assertThat(covers("other", 1)).isFalse();
    generations.record(Invalidation.ofPrefix(Key.of("q".repeat(100))), 2);
    assertThat(covers("other", 2)).isTrue();
    assertThat(generations.pending()).hasSize(1);
  }

  @Test
  void drop_givesAllMemoryBack() throws KeyException {
    generations.record(Invalidation.ofPrefix(Key.of("a")), 1);
    generations.record(Invalidation.ofGroups(List.of("g", "h")), 2);
    generations.record(Invalidation.ofAll(), 3);
    generations.record(Invalidation.ofPrefix(Key.of("b")), 4);
    generations.drop(generations.pending());
    assertThat(generations.isEmpty()).isTrue();
    assertThat(budget.used()).isZero();
    assertThat(covers("b", 1)).isFalse();
  }

  @Test
  void drop_ofARecordThatWasMadeAgain_keepsIt() throws KeyException {
    generations.record(Invalidation.ofPrefix(Key.of("a")), 1);
    var pending = generations.pending();
    generations.record(Invalidation.ofPrefix(Key.of("a")), 7);
    generations.drop(pending);
    assertThat(covers("a", 7)).isTrue();
  }

  private boolean covers(String key, long order) throws KeyException {
    Entry entry =
        new Entry(new byte[0], Format.BYTES, List.of("g1"), Expiration.NONE, 1, order, order, 0);
    return generations.cover(Key.of(key), entry);
  }
}
