package io.smache.node.cache;

import io.smache.protocol.settings.Settings;
import java.util.concurrent.TimeUnit;

/**
 * How fast partitions are handed over: at most so many bytes a second or, by default, as the taker
 * can bear it. Then the sender rests as long as the taker needed for the last part, so that neither
 * spends more than about half of its time on moving.
 *
 * @param bytesPerSecond 0 for what the taker can bear
 */
record HandoffRate(long bytesPerSecond) {
  /**
   * About how many bytes are sent at once: so few that a request need not wait long behind them.
   */
  static final int BATCH_BYTES = 1 << 17;

  static HandoffRate of(Settings settings) {
    boolean adaptive = settings.text("SMACHE_HANDOFF_RATE").filter("adaptive"::equals).isPresent();
    return new HandoffRate(adaptive ? 0 : settings.positive("SMACHE_HANDOFF_RATE", 0, 1L << 40));
  }

  /** Returns how many bytes are sent at once: never more than a second's worth. */
  int batchBytes() {
    return bytesPerSecond == 0 ? BATCH_BYTES : (int) Math.min(BATCH_BYTES, bytesPerSecond);
  }

  /**
   * Returns for how many ms to rest.
   *
   * @param bytes that were sent
   * @param nanos that the taker needed for them
   */
  long restMillis(long bytes, long nanos) {
    long needed = TimeUnit.NANOSECONDS.toMillis(nanos);
    return bytesPerSecond == 0
        ? needed
        : Math.max(0, TimeUnit.SECONDS.toMillis(bytes) / bytesPerSecond - needed);
  }
}
