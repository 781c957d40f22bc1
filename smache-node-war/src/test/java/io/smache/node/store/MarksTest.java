package io.smache.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MarksTest {
  private static final String CACHE = "c";
  private final Key key = key("pages/1");

  private static Key key(String text) {
    try {
      return Key.of(text);
    } catch (KeyException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An entry that was written when so many invalidations were known. */
  private static Entry entry(long known, String... groups) {
    return new Entry(new byte[1], Format.BYTES, List.of(groups), Expiration.NONE, 1, 1, known, 0);
  }

  private static Marks with(Marks marks, Invalidation invalidation, @Nullable Key except) {
    return marks.with(Command.Invalidate.of(CACHE, invalidation, except));
  }

  private static Marks with(Marks marks, Invalidation invalidation) {
    return with(marks, invalidation, null);
  }

  @Test
  void group_coversWhatWasWrittenBefore() {
    Marks marks = with(Marks.NONE, Invalidation.ofGroups(List.of("news")));
    assertThat(marks.number()).isEqualTo(1);
    assertThat(marks.cover(key, entry(0, "news"))).isTrue();
    assertThat(marks.cover(key, entry(1, "news"))).isFalse();
    assertThat(marks.cover(key, entry(0, "other"))).isFalse();
  }

  @Test
  void prefix_coversKeysThatBeginSo() {
    Marks marks = with(Marks.NONE, Invalidation.ofPrefix(key("pages/")));
    assertThat(marks.cover(key, entry(0))).isTrue();
    assertThat(marks.cover(key("pages"), entry(0))).isFalse();
    assertThat(marks.cover(key, entry(1))).isFalse();
  }

  @Test
  void all_coversEverythingBefore() {
    Marks marks = with(Marks.NONE, Invalidation.ofAll());
    assertThat(marks.cover(key, entry(0))).isTrue();
    assertThat(marks.cover(key, entry(1))).isFalse();
  }

  @Test
  void except_isSparedByThisOneOnly() {
    Marks marks = with(Marks.NONE, Invalidation.ofGroups(List.of("g")), key);
    assertThat(marks.cover(key, entry(0, "g"))).isFalse();
    assertThat(marks.cover(key("other"), entry(0, "g"))).isTrue();
    assertThat(with(marks, Invalidation.ofGroups(List.of("g"))).cover(key, entry(0, "g"))).isTrue();
  }

  @Test
  void repeated_isKnown() {
    Command.Invalidate once = Command.Invalidate.of(CACHE, Invalidation.ofAll(), null);
    assertThat(Marks.NONE.knows(once)).isFalse();
    assertThat(Marks.NONE.with(once).knows(once)).isTrue();
  }

  @Test
  void parts_tooMany_becomeAllOfTheCache() {
    Marks marks = Marks.NONE;
    for (int i = 0; i < Marks.MOST_PARTS; i++) {
      marks = with(marks, Invalidation.ofGroups(List.of("g" + i)));
    }
    assertThat(marks.cover(key, entry(0, "x"))).isFalse();
    marks = with(marks, Invalidation.ofGroups(List.of("one more")));
    assertThat(marks.cover(key, entry(0, "x"))).isTrue();
    assertThat(marks.cover(key, entry(marks.number(), "g1"))).isFalse();
  }

  @Test
  void lengths_tooMany_becomeAllOfTheCache() {
    Marks marks = Marks.NONE;
    for (int i = 1; i <= Marks.MOST_LENGTHS; i++) {
      marks = with(marks, Invalidation.ofPrefix(key("x".repeat(i))));
    }
    assertThat(marks.cover(key, entry(0))).isFalse();
    marks = with(marks, Invalidation.ofPrefix(key("y".repeat(Marks.MOST_LENGTHS + 1))));
    assertThat(marks.cover(key, entry(0))).isTrue();
  }

  @Test
  void bytes_areReadAsTheSameMarks() {
    Marks marks = with(Marks.NONE, Invalidation.ofGroups(List.of("a", "gr\u00fc\u00df")), key);
    marks = with(marks, Invalidation.ofPrefix(key("pages/")));
    marks = with(marks, Invalidation.ofAll());
    marks =
        with(marks, Invalidation.ofGroups(IntStream.range(0, 50).mapToObj(i -> "g" + i).toList()));
    assertThat(Marks.of(marks.bytes())).usingRecursiveComparison().isEqualTo(marks);
    assertThat(Marks.of(null)).isSameAs(Marks.NONE);
    assertThatThrownBy(() -> Marks.of(new byte[] {9})).isInstanceOf(IllegalArgumentException.class);
  }
}
