package io.smache.node.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.smache.protocol.http.Calls;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What waits for another wait is longer than that. */
class TimeoutsTest {
  private static final Duration LOCK = Duration.ofMillis(Timeouts.LOCK_MILLIS);

  @Test
  void operation_ofAnEntryToFetchAndALockToWaitFor_endsAtTheOwnerFirst() {
    assertThat(Timeouts.FETCH.plus(LOCK)).isLessThan(Timeouts.OPERATION);
  }

  @Test
  void request_isLongerThanItsCall() {
    assertThat(Timeouts.OPERATION.plus(Calls.READING)).isLessThanOrEqualTo(Timeouts.REQUEST);
    assertThat(Timeouts.OUTBOX.plus(Timeouts.OPERATION)).isLessThanOrEqualTo(Timeouts.REQUEST);
  }

  @Test
  void command_isLongerThanALock() {
    assertThat(LOCK).isLessThanOrEqualTo(Timeouts.COMMAND);
    assertThat(Timeouts.COMMAND.plus(Calls.READING)).isLessThan(Timeouts.TRANSFER);
  }

  @Test
  void round_isLongerThanItsCalls() {
    assertThat(Timeouts.UPLINK.plus(Calls.READING)).isLessThan(Timeouts.ROUND);
    assertThat(Timeouts.DRAIN).isLessThanOrEqualTo(Timeouts.UPLINK);
    assertThat(Timeouts.OPERATION.plus(Calls.READING)).isLessThan(Timeouts.WARMUP);
    assertThat(Timeouts.WARMUP).isLessThan(Timeouts.OWN_URL);
  }

  @Test
  void connection_isMadeBeforeItsAnswerIsMissed() {
    assertThat(Timeouts.CONNECT).isLessThan(Timeouts.COMMAND).isLessThan(Timeouts.UPLINK);
  }

  /** Else a call could meet a connection that its other side is just closing. */
  @Test
  void link_isGivenUpBeforeTheOtherSideDoes() {
    assertThat(Timeouts.LINK).isLessThan(Timeouts.IDLE).isLessThan(Duration.ofMinutes(2));
  }

  /** What is under way when the front stops is answered; nginx keeps a connection for 60 s. */
  @Test
  void client_hasLongerThanWhatItWaitsFor() {
    assertThat(Timeouts.WATCH).isLessThan(Timeouts.HEAD).isLessThan(Timeouts.BODY);
    assertThat(Timeouts.REQUEST).isLessThan(Timeouts.LEAVE);
    assertThat(Duration.ofSeconds(60)).isLessThan(Timeouts.IDLE);
  }
}
