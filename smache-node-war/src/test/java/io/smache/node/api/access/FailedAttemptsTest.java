package io.smache.node.api.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FailedAttemptsTest {
  private final FailedAttempts failed = new FailedAttempts();

  @Test
  void add_manyOfOneAddress_delaysItsAnswersOnly() {
    for (int i = 0; i < FailedAttempts.FREE; i++) {
      assertThat(failed.add("203.0.113.1")).isZero();
    }
    assertThat(failed.add("203.0.113.1")).isEqualTo(FailedAttempts.DELAY_MILLIS);
    assertThat(failed.add("203.0.113.2")).isZero();
  }
}
