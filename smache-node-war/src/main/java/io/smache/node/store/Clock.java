package io.smache.node.store;

import java.util.concurrent.TimeUnit;

/**
 * The time, from two clocks: one that only goes forward, by which lives are measured, and the one
 * on the wall, by which people are told when something was written. Thread-safe.
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

  /** Returns ns since some moment; a jump of the wall clock changes nothing about it. */
  long nanos();

  /** Returns whole seconds since 1970 on the wall clock. */
  int epochSeconds();
}
