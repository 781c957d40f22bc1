package io.smache.node.api.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smache.protocol.message.ProblemException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptEncodingTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "gzip",
        "x-gzip",
        "GZIP;q=1.000",
        "br, gzip;q=0.001",
        "*",
        "identity;q=0, *",
        ",gzip,"
      })
  void acceptsGzip_namedOrAny_is(String field) {
    assertThat(AcceptEncoding.acceptsGzip(field)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "br", "identity", "gzip;q=0", "*, gzip;q=0.0", "*;q=0", "gzip2"})
  void acceptsGzip_otherOrOfWeightZero_isNot(String field) {
    assertThat(AcceptEncoding.acceptsGzip(field)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip;q=2", "gzip;q=0.0001", "gzip;x=1", "gz ip", "gzip;q=", "\"gzip\""})
  void acceptsGzip_malformed_isRefused(String field) {
    assertThatThrownBy(() -> AcceptEncoding.acceptsGzip(field))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("Accept-Encoding is '" + field + "'");
  }
}
