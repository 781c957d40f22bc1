package io.smache.node.store;

import java.util.concurrent.TimeUnit;

/**
 * Two clocks: a monotonic one that measures lifetimes, and the wall clock for dates. Thread-safe.
 */
public interface Clock {
  /** The clocks of this machine. */
  Clock SYSTEM =
      new Clock() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public int epochSeconds() {
          return (int)
              Math.min(
                  Integer.MAX_VALUE, TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis()));
        }
      };

  /** Returns ns of the monotonic clock. */
  long nanos();

  /** Returns whole seconds since 1970 on the wall clock. */
  int epochSeconds();
}
