package io.smache.node.api.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smache.node.store.LifetimeSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParametersTest {
  @Test
  void lifetime_inParametersOrFields_isTheSame() {
    LifetimeSpec expected = new LifetimeSpec(60_000L, null, 1_000L);
    FakeRequest fields =
        new FakeRequest("PUT", "/").with("Smache-TTL", "1m").with("smache-stale", "1s");
    assertThat(Parameters.lifetime(Query.of(fields), fields)).isEqualTo(expected);
    FakeRequest parameters = new FakeRequest("PUT", "/?ttl=1m&stale=1s");
    assertThat(Parameters.lifetime(Query.of(parameters), parameters)).isEqualTo(expected);
  }

  @Test
  void lifetime_absent_isUnsaid() {
    FakeRequest request = new FakeRequest("PUT", "/");
    assertThat(Parameters.lifetime(Query.of(request), request)).isSameAs(LifetimeSpec.UNSAID);
  }

  @Test
  void lifetime_bothWays_isRefused() {
    FakeRequest request = new FakeRequest("PUT", "/?idle=1s").with("Smache-Idle", "1s");
    assertThatThrownBy(() -> Parameters.lifetime(Query.of(request), request))
        .hasMessageContaining("the parameter idle")
        .hasMessageContaining("the field Smache-Idle");
  }

  @Test
  void integer_ofAnySize_isRead() {
    assertThat(Parameters.integer("by", "-12345678901234567890"))
        .hasToString("-12345678901234567890");
    assertThat(Parameters.integer(Query.of(new FakeRequest("POST", "/")), "by", 7))
        .hasToString("7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "+1", "1.0", "1e3", " 1", "0x1", "\u0661"})
  void integer_anythingElse_isRefused(String text) {
    assertThatThrownBy(() -> Parameters.integer("the parameter by", text))
        .hasMessageContaining("the parameter by is '" + text + "' but must be an integer");
  }
}
