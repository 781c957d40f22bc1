package io.smache.node.front;

import io.smache.node.runtime.Timeouts;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Looks now and then at each connection, a few at a time: a timer for each would cost more, and
 * would run out for thousands at once when they came at once. For one event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the loop that ends forgets its tasks
final class Watch {
  /** How many steps it takes to look at all. */
  static final int STEPS = 50;

  static final long STEP_MILLIS = Timeouts.WATCH.toMillis() / STEPS;

  private final ScheduledExecutorService loop;
  private final Queue<BooleanSupplier> watched = new ArrayDeque<>();
  private boolean stepping;

  /**
   * Begins with nothing to look at.
   *
   * @param loop whose connections these are
   */
  Watch(ScheduledExecutorService loop) {
    this.loop = loop;
  }

  /**
   * Looks at a connection from now on.
   *
   * @param look returns whether it wants to be looked at again
   */
  void add(BooleanSupplier look) {
    watched.add(look);
    stepLater();
  }

  private void stepLater() {
    if (!stepping) {
      stepping = true;
      loop.schedule(this::step, STEP_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void step() {
    stepping = false;
    for (int left = (watched.size() + STEPS - 1) / STEPS; left > 0; left--) {
      BooleanSupplier next = watched.remove();
      if (next.getAsBoolean()) {
        watched.add(next);
      }
    }
    if (!watched.isEmpty()) {
      stepLater();
    }
  }
}
