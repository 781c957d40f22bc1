package io.smache.node.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.smache.node.store.Preconditions.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9110, section 13.2.2: the order in which preconditions are judged. */
class PreconditionsTest {
  private static final Version VERSION = new Version(7, 1);
  private static final Entry ENTRY =
      new Entry(new byte[0], Format.BYTES, List.of(), Expiration.NONE, 7, 1, 1, 1000);

  /** Tags: same, other, weak (same but weak), any; times relative to the entry's 1000. */
  @ParameterizedTest
  @CsvSource({
    // exists, If-Match, If-None-Match, If-Modified-Since, If-Unmodified-Since, reading, verdict
    "true, , , , , true, PROCEED",
    "false, , , , , true, PROCEED",
    "true, same, , , , false, PROCEED",
    "true, other, , , , false, FAILED",
    "true, weak, , , , false, FAILED",
    "true, any, , , , false, PROCEED",
    "false, any, , , , false, FAILED",
    "false, same, , , , true, FAILED",
    "true, , same, , , true, NOT_MODIFIED",
    "true, , weak, , , true, NOT_MODIFIED",
    "true, , other, , , true, PROCEED",
    "true, , any, , , true, NOT_MODIFIED",
    "true, , any, , , false, FAILED",
    "true, , same, , , false, FAILED",
    "false, , any, , , false, PROCEED",
    "false, , same, , , true, PROCEED",
    "true, , , 1000, , true, NOT_MODIFIED",
    "true, , , 999, , true, PROCEED",
    "true, , , 1000, , false, PROCEED",
    "false, , , 1000, , true, PROCEED",
    "true, , , , 1000, false, PROCEED",
    "true, , , , 999, false, FAILED",
    "true, , , , 999, true, FAILED",
    // without an entry there is no date to compare with
    "false, , , , 1000, false, PROCEED",
    // If-Match is judged and If-Unmodified-Since then ignored
    "true, same, , , 999, false, PROCEED",
    "true, other, , , 1000, false, FAILED",
    // If-None-Match is judged and If-Modified-Since then ignored
    "true, , other, 1000, , true, PROCEED",
    "true, , same, 999, , true, NOT_MODIFIED",
    // a failed If-Match comes first
    "true, other, same, , , true, FAILED",
    "true, same, same, , , true, NOT_MODIFIED",
    "true, same, same, , , false, FAILED"
  })
  void judge_inTheOrderOfTheRfc(
      boolean exists,
      @Nullable String ifMatch,
      @Nullable String ifNoneMatch,
      @Nullable Long ifModifiedSince,
      @Nullable Long ifUnmodifiedSince,
      boolean reading,
      Verdict verdict) {
    Preconditions preconditions =
        new Preconditions(tags(ifMatch), tags(ifNoneMatch), ifModifiedSince, ifUnmodifiedSince);
    assertThat(preconditions.judge(exists ? ENTRY : null, reading)).isEqualTo(verdict);
  }

  private static @Nullable EntityTags tags(@Nullable String name) {
    if (name == null) {
      return null;
    }
    String same = VERSION.tag();
    return switch (name) {
      case "any" -> EntityTags.ANY;
      case "same" -> list(new EntityTags.Tag("x", false), new EntityTags.Tag(same, false));
      case "weak" -> list(new EntityTags.Tag(same, true));
      default -> list(new EntityTags.Tag(same + "x", false));
    };
  }

  private static EntityTags list(EntityTags.Tag... tags) {
    return new EntityTags(false, List.of(tags));
  }
}
