package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A client that does nothing wrong, 20 times a second, and remembers what it was answered. */
final class Innocent implements AutoCloseable {
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final String url;
  private final List<Long> micros = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();
  private final Thread thread = new Thread(this::work, "innocent");
  private volatile boolean done;

  Innocent(Server node) {
    url = Entries.one(node, "innocent", "k");
    thread.start();
  }

  private void work() {
    for (int i = 0; !done; i++) {
      String value = "value-" + i;
      answer("PUT", value, "20[14]", "");
      answer("GET", null, "200", value);
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private void answer(String method, @Nullable String body, String status, String expected) {
    long began = System.nanoTime();
    try {
      HttpResponse<String> response = Http.send(method, url, body);
      boolean right =
          Integer.toString(response.statusCode()).matches(status)
              && response.body().equals(expected);
      if (!right) {
        wrong.add(method + " " + response.statusCode() + " " + response.body());
      }
    } catch (UncheckedIOException e) {
      wrong.add(method + " " + e.getCause());
    }
    micros.add(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - began));
  }

  /** Ends; says how long answers took, and fails when one was wrong. */
  void assertServed(String during) {
    close();
    long[] sorted = micros.stream().mapToLong(Long::longValue).sorted().toArray();
    System.Logger log = System.getLogger(Innocent.class.getName());
    log.log(
        System.Logger.Level.INFO,
        "{0}: {1} answers to the innocent, p50 {2} us, p99 {3} us, longest {4} us",
        during,
        Integer.toString(sorted.length),
        Long.toString(sorted[sorted.length / 2]),
        Long.toString(sorted[sorted.length * 99 / 100]),
        Long.toString(sorted[sorted.length - 1]));
    assertThat(wrong).as(during + ": " + Arrays.toString(sorted)).isEmpty();
  }

  @Override
  public void close() {
    done = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
