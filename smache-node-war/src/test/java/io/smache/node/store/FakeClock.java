package io.smache.node.store;

import java.util.concurrent.TimeUnit;

/** Clocks that a test moves. The one that goes forward begins just below its overflow. */
public final class FakeClock implements Clock {
  private long nanos = Long.MAX_VALUE - TimeUnit.MILLISECONDS.toNanos(1);
  private int epochSeconds = 1_000_000;
  private long perLook;

  @Override
  public long nanos() {
    pass(perLook);
    return nanos;
  }

  /** Lets time pass (ms) whenever somebody looks at the clock. */
  void passOnEachLook(long millis) {
    perLook = millis;
  }

  @Override
  public int epochSeconds() {
    return epochSeconds;
  }

  /** Lets time pass (ms). */
  public void pass(long millis) {
    nanos += TimeUnit.MILLISECONDS.toNanos(millis);
  }

  void jumpOnTheWall(int seconds) {
    epochSeconds += seconds;
  }
}
