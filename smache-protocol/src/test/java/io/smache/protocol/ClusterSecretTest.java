package io.smache.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterSecretTest {
  private static final String TEXT = "0123456789abcdef";

  @Test
  void matches_ownAuthorization_isTrue() {
    assertThat(ClusterSecret.of(TEXT).matches("Bearer " + TEXT)).isTrue();
    assertThat(ClusterSecret.of(TEXT).matches(ClusterSecret.of(TEXT).authorization())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Bearer", "Bearer ", "Bearer 0123456789abcdeF", "0123456789abcdef"})
  void matches_anythingElse_isFalse(String header) {
    assertThat(ClusterSecret.of(TEXT).matches(header)).isFalse();
  }

  @Test
  void of_twoWords_showsTheFirstAndAcceptsBoth() {
    String old = "the-old-secret-012345";
    ClusterSecret both = ClusterSecret.of(TEXT + " " + old);
    assertThat(both.authorization()).isEqualTo("Bearer " + TEXT);
    assertThat(both.matches("Bearer " + TEXT)).isTrue();
    assertThat(both.matches("Bearer " + old)).isTrue();
    assertThat(both.matches("Bearer " + TEXT + " " + old)).isFalse();
  }

  @Test
  void matches_noHeader_isFalse() {
    assertThat(ClusterSecret.of(TEXT).matches(null)).isFalse();
  }

  @Test
  void matches_noSecret_isFalse() {
    assertThat(ClusterSecret.NONE.matches("Bearer null")).isFalse();
    assertThat(ClusterSecret.NONE.matches(null)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "short", "0123456789abcde", "0123456789 abcdef", "0123456789abcdefé"})
  void of_weakOrUnsendable_refusesWithoutRepeatingIt(String text) {
    assertThatThrownBy(() -> ClusterSecret.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("16 to 1024")
        .message()
        .satisfies(message -> assertThat(text.isEmpty() || !message.contains(text)).isTrue());
  }

  @Test
  void toString_hidesTheSecret() {
    assertThat(ClusterSecret.of(TEXT).toString()).doesNotContain(TEXT);
  }
}
