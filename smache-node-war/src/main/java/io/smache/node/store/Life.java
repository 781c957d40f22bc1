package io.smache.node.store;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * When an entry ends, on the clock of this process. All in ns.
 *
 * @param ends whether it ends at a moment
 * @param end that moment; means nothing when it does not end
 * @param idle how long it lives without being used, 0 for any time
 * @param stale how long it may be served after its end
 */
public record Life(boolean ends, long end, long idle, long stale) {
  /** What {@link #left} says of a life without an end: longer than any other. */
  static final long ENDLESS = Long.MAX_VALUE >> 1;

  static final Life NONE = new Life(false, 0, 0, 0);

  /** Begins a life. */
  static Life begin(Lifetime lifetime, long now) {
    if (lifetime.ttl() == null && lifetime.idle() == null) {
      return NONE;
    }
    long ttl = nanos(lifetime.ttl());
    return new Life(ttl > 0, now + ttl, nanos(lifetime.idle()), nanos(lifetime.stale()));
  }

  /** Returns this life with what the lifetime says anew; what it does not say stays. */
  Life changed(Lifetime lifetime, long now) {
    boolean anew = lifetime.ttl() != null;
    long newIdle = lifetime.idle() == null ? idle : nanos(lifetime.idle());
    boolean newEnds = anew || ends;
    if (!newEnds && newIdle == 0) {
      return NONE;
    }
    return new Life(
        newEnds,
        anew ? now + nanos(lifetime.ttl()) : end,
        newIdle,
        lifetime.stale() == null ? stale : nanos(lifetime.stale()));
  }

  /** Returns how long it lives on if it is used now; not positive when it has ended. */
  long left(long now) {
    long untilEnd = ends ? end - now : ENDLESS;
    return idle == 0 ? untilEnd : Math.min(untilEnd, idle);
  }

  /** Returns how long the entry is to be kept if it is used now. */
  long keep(long now) {
    return left(now) + stale;
  }

  /** Returns this life with its end counted from a moment, to be sent to another clock. */
  Life since(long now) {
    return ends ? new Life(true, end - now, idle, stale) : this;
  }

  /** Returns what {@link #since} was called on, on the clock of this process. */
  Life from(long now) {
    return ends ? new Life(true, end + now, idle, stale) : this;
  }

  private static long nanos(@Nullable Long millis) {
    return millis == null ? 0 : TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
