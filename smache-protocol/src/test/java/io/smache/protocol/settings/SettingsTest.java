package io.smache.protocol.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smache.protocol.ClusterSecret;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  @Test
  void flag_isTrueFalseOrTheDefault_anythingElseIsRefused() {
    assertThat(new Settings(name -> null).flag("SMACHE_FAST_PATH", true)).isTrue();
    assertThat(new Settings(name -> "false").flag("SMACHE_FAST_PATH", true)).isFalse();
    Settings wrong = new Settings(name -> "off");
    assertThatThrownBy(() -> wrong.flag("SMACHE_FAST_PATH", true))
        .isInstanceOf(SettingException.class)
        .hasMessage("SMACHE_FAST_PATH is 'off' but must be true or false");
  }

  @Test
  void positive_notSet_isTheDefault() {
    assertThat(new Settings(name -> null).positive("N", 4, 10)).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", " 7 ", "10"})
  void positive_inRange_isTheNumber(String text) {
    assertThat(with("N", text).positive("N", 4, 10)).isEqualTo(Long.parseLong(text.strip()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "0", "-1", "11", "four", "1.5", "99999999999999999999"})
  void positive_anythingElse_namesVariableValueAndRange(String text) {
    assertThatThrownBy(() -> with("N", text).positive("N", 4, 10))
        .isInstanceOf(SettingException.class)
        .hasMessage("N is '%s' but must be a whole number from 1 to 10", text.strip());
  }

  @Test
  void secret_weak_isNotRepeated() {
    assertThatThrownBy(() -> with("SMACHE_SECRET", "hunter2").secret())
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("SMACHE_SECRET must be")
        .message()
        .doesNotContain("hunter2");
  }

  @Test
  void secret_notSet_isNone() {
    assertThat(new Settings(name -> null).secret()).isSameAs(ClusterSecret.NONE);
  }

  @Test
  void causeOf_wrapped_findsTheSetting() {
    SettingException setting = new SettingException("wrong");
    RuntimeException wrapped = new RuntimeException(new IllegalStateException(setting));
    assertThat(SettingException.causeOf(wrapped)).contains(setting);
    assertThat(SettingException.causeOf(new RuntimeException())).isEmpty();
  }

  private static Settings with(String name, String value) {
    return new Settings(Map.of(name, value)::get);
  }
}
