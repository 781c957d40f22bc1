package io.smache.node.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smache.protocol.settings.SettingException;
import io.smache.protocol.settings.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardLimitProducerTest {
  @Test
  void of_notSet_isTheSeedsDefault() {
    assertThat(ShardLimitProducer.of(new Settings(name -> null))).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 7, 256, 1000, Integer.MAX_VALUE})
  void of_above0_isTheNumber(int limit) {
    assertThat(ShardLimitProducer.of(with(Integer.toString(limit)))).isEqualTo(limit);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "many", "2147483648"})
  void of_anythingElse_refuses(String text) {
    assertThatThrownBy(() -> ShardLimitProducer.of(with(text)))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith(
            "SHARD_LIMIT is '" + text + "' but must be a whole number from 1 to");
  }

  private static Settings with(String limit) {
    return new Settings(Map.of("SHARD_LIMIT", limit)::get);
  }
}
