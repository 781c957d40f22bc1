package io.smache.node.api.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smache.protocol.message.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GroupsTest {
  private static final String FIELD = FieldName.CACHE_GROUPS;

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void formatAndParse_visibleText_isTheIdentity(long seed) {
    Random random = new Random(seed);
    List<String> groups = new ArrayList<>();
    for (int i = 1 + random.nextInt(32); i > 0; i--) {
      groups.add(
          i
              + random
                  .ints(random.nextInt(30), ' ', '~' + 1)
                  .mapToObj(Character::toString)
                  .collect(Collectors.joining()));
    }
    assertThat(Groups.parse(FIELD, Groups.format(groups))).isEqualTo(groups);
  }

  @Test
  void of_absentEmptyOrRepeated_isNoneOrEachOnce() {
    assertThat(Groups.of(new FakeRequest("PUT", "/"), FIELD)).isEmpty();
    assertThat(Groups.of(request(""), FIELD)).contains(List.of());
    assertThat(Groups.of(request("\"a\", \"b\";p=1,\"a\""), FIELD)).contains(List.of("a", "b"));
    assertThat(Groups.of(request("\"a\"").with(FIELD, "\"b\""), FIELD)).contains(List.of("a", "b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "\"a", "\"a\" \"b\"", "(\"a\")", "1", "\"\u00e4\"", "\"a\",", "?1"})
  void parse_malformed_isRefused(String value) {
    assertThatThrownBy(() -> Groups.parse(FIELD, value))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining(FIELD);
  }

  @Test
  void checked_beyondTheLimits_isRefused() {
    List<String> most = IntStream.range(0, 32).mapToObj(i -> "g" + i).toList();
    assertThat(Groups.checked("x", most)).hasSize(32);
    assertThat(Groups.checked("x", List.of("g".repeat(32)))).hasSize(1);
    assertThatThrownBy(() -> Groups.checked("x", List.of("g".repeat(33))))
        .hasMessageContaining("at most 32 characters");
    List<String> more = IntStream.range(0, 33).mapToObj(i -> "g" + i).toList();
    assertThatThrownBy(() -> Groups.checked("x", more)).hasMessageContaining("at most 32 strings");
  }

  private static FakeRequest request(String value) {
    return new FakeRequest("PUT", "/").with(FIELD, value);
  }
}
