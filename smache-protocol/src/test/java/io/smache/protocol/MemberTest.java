package io.smache.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemberTest {
  @Test
  void new_urlWithSlashes_dropsThem() {
    assertThat(new Member("a", "http://host:1//", "i").url()).isEqualTo("http://host:1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "é", "a/b"})
  void new_badName_refuses(String name) {
    assertThatThrownBy(() -> new Member(name, "http://host:1", "i"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 to 64");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "host:80", "/path", "ftp://host", "http://", "http://a b", "http://h?q"})
  void new_badUrl_refuses(String url) {
    assertThatThrownBy(() -> new Member("a", url, "i"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("absolute URL");
  }
}
