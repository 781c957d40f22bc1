package io.smache.node.api.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smache.node.api.message.Ranges.Range;
import io.smache.protocol.message.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RangesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bytes=0-0        | 10 | 0 | 0",
        "bytes=2-         | 10 | 2 | 9",
        "bytes=-3         | 10 | 7 | 9",
        "bytes=-30        | 10 | 0 | 9",
        "bytes=5-99999999999999999999 | 10 | 5 | 9",
        "bytes=,0-1,,20-  | 10 | 0 | 1",
        "BYTES=9-9        | 10 | 9 | 9"
      })
  void parse_satisfiable_isThePartOfTheValue(String field, int length, int from, int to) {
    assertThat(Ranges.parse(field, length)).containsExactly(new Range(from, to));
  }

  @ParameterizedTest
  @CsvSource({"bytes=10-,10", "bytes=-0,10", "bytes=0-,0", "bytes=0-5,0", "bytes=-0,0"})
  void parse_unsatisfiable_isNone(String field, int length) {
    assertThat(Ranges.parse(field, length)).isEmpty();
  }

  @Test
  void parse_suffixOfAnEmptyValue_isSatisfiable() {
    assertThat(Ranges.parse("bytes=-5", 0)).hasSize(1).allMatch(range -> range.length() == 0);
    assertThat(Ranges.parse("bytes=0-1,-5", 0)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=", "bytes=-", "bytes=5-2", "bytes=a-b", "bytes", "bytes=1"})
  void parse_malformed_isRefused(String field) {
    assertThatThrownBy(() -> Ranges.parse(field, 10)).isInstanceOf(ProblemException.class);
  }
}
