package io.smache.node.cache;

import io.smache.protocol.settings.Settings;
import java.util.concurrent.TimeUnit;

/**
 * How fast partitions are handed over: at most so many bytes a second or, by default, as the taker
 * can bear it. Then the sender rests as long as the taker needed for the last batch, so that
 * neither spends more than about half of its time on moving; and up to three times as long when the
 * taker needed longer than it has shown to need, since then it has others to serve. For one thread.
 */
final class HandoffRate {
  /**
   * About how many bytes are sent at once: so few that a request need not wait long behind them.
   */
  static final int BATCH_BYTES = 1 << 15;

  private static final int HURRIED_BYTES = 1 << 20;
  private static final double MOST_RESTS = 3;

  private final long bytesPerSecond;
  private final int batchBytes;
  private final double mostRests;
  private double leastNanosPerByte = Double.MAX_VALUE;

  private HandoffRate(long bytesPerSecond, int batchBytes, double mostRests) {
    this.bytesPerSecond = bytesPerSecond;
    this.batchBytes = batchBytes;
    this.mostRests = mostRests;
  }

  static HandoffRate of(Settings settings) {
    boolean adaptive = settings.text("SMACHE_HANDOFF_RATE").filter("adaptive"::equals).isPresent();
    long bytes = adaptive ? 0 : settings.positive("SMACHE_HANDOFF_RATE", 0, 1L << 40);
    int batch = bytes == 0 ? BATCH_BYTES : (int) Math.min(BATCH_BYTES, bytes);
    return new HandoffRate(bytes, batch, MOST_RESTS);
  }

  /** Returns that of a node that ends: large batches and no rest, whatever the taker can bear. */
  static HandoffRate hurried() {
    return new HandoffRate(0, HURRIED_BYTES, 0);
  }

  /** Returns how many bytes are sent at once: never more than a second's worth. */
  int batchBytes() {
    return batchBytes;
  }

  /**
   * Returns for how many ms to rest.
   *
   * @param bytes that were sent
   * @param nanos that the taker needed for them
   */
  long restMillis(long bytes, long nanos) {
    if (bytesPerSecond == 0) {
      return TimeUnit.NANOSECONDS.toMillis((long) (nanos * rests(bytes, nanos)));
    }
    long needed = TimeUnit.NANOSECONDS.toMillis(nanos);
    return Math.max(0, TimeUnit.SECONDS.toMillis(bytes) / bytesPerSecond - needed);
  }

  private double rests(long bytes, long nanos) {
    double nanosPerByte = (double) Math.max(1, nanos) / Math.max(1, bytes);
    leastNanosPerByte = Math.min(leastNanosPerByte, nanosPerByte);
    return Math.min(mostRests, nanosPerByte / leastNanosPerByte);
  }
}
