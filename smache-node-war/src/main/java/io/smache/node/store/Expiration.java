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
public record Expiration(boolean ends, long end, long idle, long stale) {
  /** The value of {@link #left} for an entry without an end: longer than any other. */
  static final long ENDLESS = Long.MAX_VALUE >> 1;

  static final Expiration NONE = new Expiration(false, 0, 0, 0);

  /** Begins a life. */
  static Expiration begin(LifetimeSpec lifetime, long now) {
    if (lifetime.ttl() == null && lifetime.idle() == null) {
      return NONE;
    }
    long ttl = nanos(lifetime.ttl());
    return new Expiration(ttl > 0, now + ttl, nanos(lifetime.idle()), nanos(lifetime.stale()));
  }

  /** Returns this expiration changed by a lifetime; parts that it leaves out stay. */
  Expiration changed(LifetimeSpec lifetime, long now) {
    boolean anew = lifetime.ttl() != null;
    long newIdle = lifetime.idle() == null ? idle : nanos(lifetime.idle());
    boolean newEnds = anew || ends;
    if (!newEnds && newIdle == 0) {
      return NONE;
    }
    return new Expiration(
        newEnds,
        anew ? now + nanos(lifetime.ttl()) : end,
        newIdle,
        lifetime.stale() == null ? stale : nanos(lifetime.stale()));
  }

  /** Returns the remaining life if used now, ns; not positive when it has ended. */
  long left(long now) {
    long untilEnd = ends ? end - now : ENDLESS;
    return idle == 0 ? untilEnd : Math.min(untilEnd, idle);
  }

  /** Returns how long the entry is kept if used now, ns. */
  long keep(long now) {
    return left(now) + stale;
  }

  /** Returns this expiration relative to a time, to be sent to another node. */
  Expiration since(long now) {
    return ends ? new Expiration(true, end - now, idle, stale) : this;
  }

  /** Reverses {@link #since} on the clock of this process. */
  Expiration from(long now) {
    return ends ? new Expiration(true, end + now, idle, stale) : this;
  }

  private static long nanos(@Nullable Long millis) {
    return millis == null ? 0 : TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
