package io.smache.node.cluster;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes are on their way, from clients or between this node and others: their number is
 * bounded, since any number of requests can be, and a heap is not. Thread-safe.
 */
public final class InFlight {
  private static final int SHARE_OF_HEAP = 8;

  private final long most;
  private final AtomicLong bytes = new AtomicLong();

  /**
   * Makes a bound.
   *
   * @param most bytes
   */
  public InFlight(long most) {
    this.most = most;
  }

  /** Makes a bound of an eighth of the heap. */
  public static InFlight ofHeap() {
    return new InFlight(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
  }

  /** Begins the share of one call or request. */
  public Share begin() {
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

  /** What one call or request has of the bound, until it ends. Thread-safe. */
  public final class Share {
    private long taken;
    private boolean ended;

    /** Takes so many bytes more; refuses when that is too much and others have some. */
    public synchronized boolean grow(long more) {
      if (ended || !take(more, taken)) {
        return false;
      }
      taken += more;
      return true;
    }

    /** Gives all back; what comes later is refused. */
    public synchronized void end() {
      ended = true;
      bytes.addAndGet(-taken);
      taken = 0;
    }
  }
}
