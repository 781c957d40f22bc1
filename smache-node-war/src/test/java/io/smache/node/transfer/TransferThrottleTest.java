package io.smache.node.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smache.protocol.settings.SettingException;
import io.smache.protocol.settings.Settings;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransferThrottleTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = "adaptive")
  void restMillis_adaptive_isAsLongAsTheTakerNeeded(@Nullable String setting) {
    TransferThrottle rate = rate(setting);
    assertThat(rate.restMillis(100, SECOND)).isEqualTo(1000);
    assertThat(rate.restMillis(200, 2 * SECOND)).isEqualTo(2000);
    assertThat(rate.batchBytes()).isEqualTo(TransferThrottle.BATCH_BYTES);
  }

  @Test
  void restMillis_takerIsSlowerThanItWas_isLongerUpToThreeTimes() {
    TransferThrottle rate = rate(null);
    assertThat(rate.restMillis(100, SECOND)).isEqualTo(1000);
    assertThat(rate.restMillis(100, 2 * SECOND)).isEqualTo(4000);
    assertThat(rate.restMillis(100, 10 * SECOND)).isEqualTo(30_000);
    assertThat(rate.restMillis(100, SECOND / 2)).isEqualTo(500);
  }

  @Test
  void restMillis_bounded_keepsToTheRate() {
    TransferThrottle rate = rate("1000");
    assertThat(rate.batchBytes()).as("a second's worth").isEqualTo(1000);
    assertThat(rate.restMillis(500, 0)).isEqualTo(500);
    assertThat(rate.restMillis(500, SECOND / 5)).isEqualTo(300);
    assertThat(rate.restMillis(500, SECOND)).as("slower than the rate").isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"fast", "-1", "1.5"})
  void of_noNumber_saysWhatIsAllowed(String setting) {
    assertThatThrownBy(() -> rate(setting))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("SMACHE_TRANSFER_RATE");
  }

  private static TransferThrottle rate(@Nullable String setting) {
    return TransferThrottle.of(new Settings(name -> setting));
  }
}
