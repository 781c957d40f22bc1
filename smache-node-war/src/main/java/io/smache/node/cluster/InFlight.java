package io.smache.node.cluster;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the bytes in flight, from clients or between nodes: the number of requests is unbounded,
 * the heap is not. Thread-safe.
 */
public final class InFlight {
  private static final int SHARE_OF_HEAP = 8;

  private final long most;
  private final AtomicLong bytes = new AtomicLong();

  /**
   * Creates a bound.
   *
   * @param most bytes
   */
  public InFlight(long most) {
    this.most = most;
  }

  /** Creates a bound of an eighth of the heap. */
  public static InFlight ofHeap() {
    return new InFlight(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
  }

  /** Begins the share of one call or request. */
  public Share begin() {
    return new Share();
  }

  private boolean reserve(long more, long own) {
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

  /** The share that one call or request takes of the bound until it ends. Thread-safe. */
  public final class Share {
    private long reserved;
    private boolean ended;

    /** Takes more bytes; returns false when that exceeds the bound and others have a share. */
    public synchronized boolean grow(long more) {
      if (ended || !reserve(more, reserved)) {
        return false;
      }
      reserved += more;
      return true;
    }

    /** Returns all bytes; later calls of {@link #grow} are refused. */
    public synchronized void end() {
      ended = true;
      bytes.addAndGet(-reserved);
      reserved = 0;
    }
  }
}
