package io.smache.node.transfer;

import io.smache.protocol.settings.Settings;
import java.util.concurrent.TimeUnit;

/**
 * How fast partitions are handed over: at most a number of bytes a second or, by default, adapted
 * to the target. In adaptive mode the sender rests as long as the target needed for the last batch,
 * so that neither spends more than about half of its time on transfers; and up to three times as
 * long when the target was slower than at its best, because it has clients to serve. For one
 * thread.
 */
final class TransferThrottle {
  /** Bytes sent at once, about: few enough that a request does not wait long after them. */
  static final int BATCH_BYTES = 1 << 15;

  private static final int HURRIED_BYTES = 1 << 20;
  private static final double MOST_RESTS = 3;

  private final long bytesPerSecond;
  private final int batchBytes;
  private final double mostRests;
  private double leastNanosPerByte = Double.MAX_VALUE;

  private TransferThrottle(long bytesPerSecond, int batchBytes, double mostRests) {
    this.bytesPerSecond = bytesPerSecond;
    this.batchBytes = batchBytes;
    this.mostRests = mostRests;
  }

  static TransferThrottle of(Settings settings) {
    boolean adaptive = settings.text("SMACHE_TRANSFER_RATE").filter("adaptive"::equals).isPresent();
    long bytes = adaptive ? 0 : settings.positive("SMACHE_TRANSFER_RATE", 0, 1L << 40);
    int batch = bytes == 0 ? BATCH_BYTES : (int) Math.min(BATCH_BYTES, bytes);
    return new TransferThrottle(bytes, batch, MOST_RESTS);
  }

  /** Returns the throttle of a node that stops: large batches and no rests. */
  static TransferThrottle hurried() {
    return new TransferThrottle(0, HURRIED_BYTES, 0);
  }

  /** Returns how many bytes are sent at once: at most those of one second. */
  int batchBytes() {
    return batchBytes;
  }

  /**
   * Returns how long to rest, in ms.
   *
   * @param bytes that were sent
   * @param nanos that the target needed for them
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
