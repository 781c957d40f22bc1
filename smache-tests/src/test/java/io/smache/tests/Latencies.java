package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends one request after the other, with a pause, and remembers how long each took. A request that
 * fails an assertion fails the end.
 */
final class Latencies implements AutoCloseable {
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(3);

  private final Queue<Long> nanos = new ConcurrentLinkedQueue<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final Thread thread;
  private volatile boolean done;

  /** Begins. */
  Latencies(Runnable request) {
    thread = new Thread(() -> work(request), "latencies");
    thread.start();
  }

  private void work(Runnable request) {
    while (!done) {
      long began = System.nanoTime();
      try {
        request.run();
      } catch (RuntimeException | AssertionError e) {
        failures.add(e);
      }
      nanos.add(System.nanoTime() - began);
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /**
   * Waits until there are so many of them, forgets them and returns their 99th percentile in us.
   */
  long p99(int atLeast) {
    await().atMost(Server.TIMEOUT).until(() -> nanos.size() >= atLeast);
    long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    nanos.clear();
    return TimeUnit.NANOSECONDS.toMicros(sorted[sorted.length * 99 / 100]);
  }

  @Override
  public void close() {
    done = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    assertThat(failures).isEmpty();
  }
}
