package io.smache.node.cluster;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes are on their way between this node and others: their number is bounded, since any
 * number of requests can be, and a heap is not. Thread-safe.
 */
final class InFlight {
  private final long most;
  private final AtomicLong bytes = new AtomicLong();

  InFlight(long most) {
    this.most = most;
  }

  /** Begins the share of one call. */
  Share begin() {
    return new Share();
  }

  private boolean take(long more, long own) {
    while (true) {
      long now = bytes.get();
      if (now > own && now + more > most) {
        return false;
      }
      if (bytes.compareAndSet(now, now + more)) {
        return true;
      }
    }
  }

  /** What one call has of the bound, until it ends. Thread-safe. */
  final class Share {
    private long taken;
    private boolean ended;

    /** Takes so many bytes more; refuses when that is too much and others have some. */
    synchronized boolean grow(long more) {
      if (ended || !take(more, taken)) {
        return false;
      }
      taken += more;
      return true;
    }

    /** Gives all back; what comes later is refused. */
    synchronized void end() {
      ended = true;
      bytes.addAndGet(-taken);
      taken = 0;
    }
  }
}
