package io.smache.node.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class WatchTest {
  private static final int CONNECTIONS = 3 * Watch.STEPS + 7;

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final Watch watch = new Watch(channel.eventLoop());
  private final AtomicIntegerArray looks = new AtomicIntegerArray(CONNECTIONS);

  private void step() {
    channel.advanceTimeBy(Watch.STEP_MILLIS, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
  }

  private void addAll(boolean again) {
    for (int i = 0; i < CONNECTIONS; i++) {
      int index = i;
      watch.add(
          () -> {
            looks.incrementAndGet(index);
            return again;
          });
    }
  }

  private int looks() {
    int sum = 0;
    for (int i = 0; i < CONNECTIONS; i++) {
      sum += looks.get(i);
    }
    return sum;
  }

  @Test
  void steps_lookAtAllOnceAndAtFewAtATime() {
    addAll(true);
    int before = 0;
    for (int i = 0; i < Watch.STEPS; i++) {
      step();
      assertThat(looks() - before).isBetween(1, CONNECTIONS / Watch.STEPS + 1);
      before = looks();
    }
    for (int i = 0; i < CONNECTIONS; i++) {
      assertThat(looks.get(i)).isBetween(1, 2);
    }
  }

  @Test
  void connections_thatEnd_leaveNothingToDo() {
    addAll(false);
    for (int i = 0; i < 5 * CONNECTIONS; i++) {
      step();
    }
    assertThat(looks()).isEqualTo(CONNECTIONS);
    assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1);
  }

  @Test
  void connection_afterAllHaveEnded_isLookedAt() {
    addAll(false);
    for (int i = 0; i < 5 * CONNECTIONS; i++) {
      step();
    }
    addAll(true);
    step();
    assertThat(looks()).isGreaterThan(CONNECTIONS);
  }
}
