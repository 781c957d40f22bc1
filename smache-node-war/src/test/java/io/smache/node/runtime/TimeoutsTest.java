package io.smache.node.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What waits for another wait is longer than that. */
class TimeoutsTest {
  private static final Duration LOCK = Duration.ofMillis(Timeouts.LOCK_MILLIS);

  /** How long {@code Calls} reads an answer in addition. */
  private static final Duration READING = Duration.ofSeconds(1);

  @Test
  void operation_ofAnEntryToFetchAndALockToWaitFor_endsAtTheOwnerFirst() {
    assertThat(Timeouts.FETCH.plus(LOCK)).isLessThan(Timeouts.OPERATION);
  }

  @Test
  void request_isLongerThanItsCall() {
    assertThat(Timeouts.OPERATION.plus(READING)).isLessThanOrEqualTo(Timeouts.REQUEST);
    assertThat(Timeouts.OUTBOX.plus(Timeouts.OPERATION)).isLessThanOrEqualTo(Timeouts.REQUEST);
  }

  @Test
  void command_isLongerThanALock() {
    assertThat(LOCK).isLessThanOrEqualTo(Timeouts.COMMAND);
    assertThat(Timeouts.COMMAND.plus(READING)).isLessThan(Timeouts.TRANSFER);
  }

  @Test
  void connection_isMadeBeforeItsAnswerIsMissed() {
    assertThat(Timeouts.CONNECT).isLessThan(Timeouts.COMMAND).isLessThan(Timeouts.UPLINK);
  }
}
