package io.smache.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpDateTest {
  private static final int THIS_YEAR = 2026;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Sun, 06 Nov 1994 08:49:37 GMT    | 1994-11-06T08:49:37Z",
        "Sunday, 06-Nov-94 08:49:37 GMT   | 1994-11-06T08:49:37Z",
        "Sun Nov  6 08:49:37 1994         | 1994-11-06T08:49:37Z",
        "Sun Nov 6 08:49:37 1994          | 1994-11-06T08:49:37Z",
        "Wed Nov 16 08:49:37 1994         | 1994-11-16T08:49:37Z",
        "Sat, 31 Dec 2016 23:59:60 GMT    | 2017-01-01T00:00:00Z",
        "Saturday, 31-Dec-16 23:59:60 GMT | 2017-01-01T00:00:00Z",
        "Sat Dec 31 23:59:60 2016         | 2017-01-01T00:00:00Z",
        "Thu, 29 Feb 2024 00:00:00 GMT    | 2024-02-29T00:00:00Z",
        "Monday, 01-Jan-76 00:00:00 GMT   | 2076-01-01T00:00:00Z",
        "Saturday, 01-Jan-77 00:00:00 GMT | 1977-01-01T00:00:00Z",
        "Friday, 01-Jan-99 00:00:00 GMT   | 1999-01-01T00:00:00Z"
      })
  void parse_eachForm_isUnderstood(String text, String instant) {
    assertThat(HttpDate.parse(text, THIS_YEAR)).hasValue(Instant.parse(instant).getEpochSecond());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, 06 Nov 1994 08:48:60 GMT",
        "Thu, 30 Feb 2023 00:00:00 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "sun, 06 nov 1994 08:49:37 gmt",
        "1994-11-06T08:49:37Z"
      })
  void parse_anythingElse_isNoDate(String text) {
    assertThat(HttpDate.parse(text)).isEmpty();
  }

  @Test
  void format_isWhatParseUnderstands() {
    for (long seconds = 0; seconds < 4_000_000_000L; seconds += 86_399_137) {
      assertThat(HttpDate.parse(HttpDate.format(seconds))).hasValue(seconds);
    }
    assertThat(HttpDate.format(784_111_777)).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
  }
}
