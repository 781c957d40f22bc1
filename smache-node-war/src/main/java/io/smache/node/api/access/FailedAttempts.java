package io.smache.node.api.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts wrong tokens by addresses, so that those who guess have to wait. Thread-safe. */
final class FailedAttempts {
  private static final int MOST_ADDRESSES = 10_000;

  /** So many an address has in a minute; a client that was set up wrongly is told at once. */
  static final int FREE = 10;

  static final long DELAY_MILLIS = 1_000;

  private final Cache<String, AtomicInteger> byAddress =
      Caffeine.newBuilder()
          .maximumSize(MOST_ADDRESSES)
          .expireAfterWrite(Duration.ofMinutes(1))
          .executor(Runnable::run)
          .build();

  /** Counts one; returns by how many ms its answer is to be delayed. */
  long add(String address) {
    int attempts = byAddress.get(address, none -> new AtomicInteger()).incrementAndGet();
    return attempts > FREE ? DELAY_MILLIS : 0;
  }
}
