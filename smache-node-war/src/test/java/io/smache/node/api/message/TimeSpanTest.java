package io.smache.node.api.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smache.protocol.message.ProblemException;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeSpanTest {
  static LongStream seeds() {
    return LongStream.range(0, 100);
  }

  @ParameterizedTest
  @CsvSource({
    "1ms, 1",
    "500ms, 500",
    "30s, 30000",
    "30, 30000",
    "5m, 300000",
    "2h, 7200000",
    "7d, 604800000",
    "3650d, 315360000000",
    "007s, 7000"
  })
  void parse_numberAndUnit_isMilliseconds(String text, long millis) {
    assertThat(TimeSpan.parse(text, "ttl", TimeSpan.MAX_LIFE)).isEqualTo(millis);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "0ms",
        "-1s",
        "+1s",
        "1.5s",
        "1 s",
        "1S",
        "1w",
        "s",
        "3651d",
        "315360000001ms",
        "999999999999999999d",
        "9999999999999999999",
        "１s"
      })
  void parse_anythingElse_isRefusedWithWhatIsAllowed(String text) {
    assertThatThrownBy(() -> TimeSpan.parse(text, "the parameter ttl", TimeSpan.MAX_LIFE))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("the parameter ttl is '" + text + "' but must be")
        .hasMessageContaining("1ms to 3650d");
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void secondsAndParse_wholeMilliseconds_isTheIdentity(long seed) {
    long millis = 1 + (long) (new Random(seed).nextDouble() * (TimeSpan.MAX_LIFE - 1));
    String text = TimeSpan.seconds(millis).movePointRight(3).toBigInteger() + "ms";
    assertThat(TimeSpan.parse(text, "x", TimeSpan.MAX_LIFE)).isEqualTo(millis);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 0.001", "1000, 1", "1500, 1.5", "60000, 60", "100000, 100"})
  void seconds_ofMilliseconds_areShort(long millis, String seconds) {
    assertThat(TimeSpan.seconds(millis)).hasToString(seconds);
  }
}
