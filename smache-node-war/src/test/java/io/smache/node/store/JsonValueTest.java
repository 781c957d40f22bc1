package io.smache.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonValueTest {
  @ParameterizedTest
  @ValueSource(strings = {"1", " -5\n", "0", "123456789012345678901234567890"})
  void integer_ofAnySize_isRead(String text) throws JsonValueException {
    assertThat(JsonValue.integer(entry(text))).hasToString(text.strip());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1.0", "01", "+1", "-", "1e3", "\"1\"", "1 1", "{}", "٣"})
  void integer_anythingElse_isRefused(String text) {
    assertThatThrownBy(() -> JsonValue.integer(entry(text)))
        .isInstanceOf(JsonValueException.class)
        .hasMessageContaining("no JSON integer");
  }

  @Test
  void integer_tooLongToAddUnderALock_isRefused() {
    String digits = "1".repeat(JsonValue.MAX_DIGITS + 1);
    assertThatThrownBy(() -> JsonValue.integer(entry(digits)))
        .isInstanceOf(JsonValueException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|true",
        "[1,2]|true",
        "1|true",
        "{} {}|false",
        "{|false",
        "``|false",
        "nan|false"
      })
  void isWellFormed_oneText(String text, boolean expected) {
    assertThat(JsonValue.isWellFormed(bytes(text))).isEqualTo(expected);
  }

  private static Entry entry(String value) {
    return new Entry(bytes(value), Format.JSON, List.of(), Expiration.NONE, 1, 1, 1, 0);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
