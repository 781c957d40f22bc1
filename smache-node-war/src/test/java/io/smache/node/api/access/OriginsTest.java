package io.smache.node.api.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smache.protocol.settings.SettingException;
import io.smache.protocol.settings.Settings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OriginsTest {
  @Test
  void contains_thoseThatAreNamed_exactly() {
    Origins origins = origins("https://app.example, http://localhost:8080,http://[::1]:1");
    assertThat(origins.contains("https://app.example")).isTrue();
    assertThat(origins.contains("HTTPS://APP.example")).isTrue();
    assertThat(origins.contains("http://localhost:8080")).isTrue();
    assertThat(origins.contains("http://[::1]:1")).isTrue();
    assertThat(origins.contains("http://app.example")).isFalse();
    assertThat(origins.contains("https://app.example:443")).isFalse();
    assertThat(origins.contains("https://app.example.evil")).isFalse();
    assertThat(origins.contains("null")).isFalse();
  }

  @Test
  void contains_nothing_whenNoneIsNamed() {
    assertThat(origins(null).contains("https://app.example")).isFalse();
    assertThat(origins(null)).hasToString("own only");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"*", "app.example", "https://app.example/", "ftp://x", "null", "https://*.x"})
  void allowed_anythingElse_isRefused(String value) {
    assertThatThrownBy(() -> origins(value))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("SMACHE_CORS_ORIGINS")
        .hasMessageContaining(value);
  }

  private static Origins origins(@Nullable String value) {
    return Origins.allowed(new Settings(name -> value));
  }
}
