package io.smache.node.api.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smache.protocol.message.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptTest {
  private static final String JSON = "application/json";

  @Test
  void accepts_absent_everything() {
    assertThat(Accept.accepts(JSON, null)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "*/*",
        "application/*",
        "APPLICATION/JSON;charset=utf-8",
        "text/html, application/json;q=0.1",
        "text/html;q=0, */*;q=0.1",
        ",, application/json ,",
        " , ",
        "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
        "application/*;q=0, application/json",
        "text/plain;x=\"a,b;q=0\", application/json ; q=1.000"
      })
  void accepts_aRangeThatMatches_is(String field) {
    assertThat(Accept.accepts(JSON, field)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/html",
        "application/json;q=0",
        "application/json;q=0.000, */*",
        "*/*;q=0",
        "application/*;q=0, */*",
        "application/jsonp"
      })
  void accepts_noRangeOrOneOfWeightZero_isNot(String field) {
    assertThat(Accept.accepts(JSON, field)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ";;",
        "json",
        "/",
        "a/",
        "a b/c",
        "application/json;q=nonsense",
        "a/b;q=2",
        "a/b;q=0.1234",
        "a/b;q",
        "a/b c/d"
      })
  void accepts_malformed_isRefused(String field) {
    assertThatThrownBy(() -> Accept.accepts(JSON, field))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("Accept is '" + field + "'");
  }
}
