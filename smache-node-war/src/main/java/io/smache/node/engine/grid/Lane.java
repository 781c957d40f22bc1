package io.smache.node.engine.grid;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.infinispan.commons.marshall.WrappedByteArray;
import org.jspecify.annotations.Nullable;

/**
 * Swaps on their way to the same members. A few messages are under way at a time; what comes
 * meanwhile goes together in the next one. So one that comes alone is not held up, and many cost
 * little more than a few. Thread-safe.
 */
final class Lane {
  private static final int MOST_UNDER_WAY = 1;

  /** What is longer would be cut into several messages. */
  private static final int MOST_BYTES = 1 << 15;

  private final Function<Map<WrappedByteArray, Swap>, CompletableFuture<?>> exchange;

  // guarded by this
  private final Queue<Asked> waiting = new ArrayDeque<>();
  private int underWay;

  private record Asked(WrappedByteArray key, Swap swap, CompletableFuture<Boolean> made) {
    void end(@Nullable Throwable failure) {
      if (failure != null) {
        made.completeExceptionally(failure);
      } else if (!swap.isTried()) {
        made.completeExceptionally(new IllegalStateException("the partition has moved"));
      } else {
        made.complete(!swap.isRefused());
      }
    }
  }

  /** Begins with nothing under way. */
  Lane(Function<Map<WrappedByteArray, Swap>, CompletableFuture<?>> exchange) {
    this.exchange = exchange;
  }

  /** Returns whether a swap was made; no other one of the same key may be under way. */
  CompletableFuture<Boolean> add(WrappedByteArray key, Swap swap) {
    Asked asked = new Asked(key, swap, new CompletableFuture<>());
    synchronized (this) {
      waiting.add(asked);
    }
    begin();
    return asked.made();
  }

  private void begin() {
    for (Map<WrappedByteArray, Asked> next = next(); !next.isEmpty(); next = next()) {
      send(next);
    }
  }

  private synchronized Map<WrappedByteArray, Asked> next() {
    Map<WrappedByteArray, Asked> next = new LinkedHashMap<>();
    if (underWay < MOST_UNDER_WAY) {
      int bytes = 0;
      for (Asked each = waiting.poll();
          each != null;
          each = bytes < MOST_BYTES ? waiting.poll() : null) {
        next.put(each.key(), each);
        bytes += each.swap().size();
      }
      underWay += next.isEmpty() ? 0 : 1;
    }
    return next;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // each swap is told
  private void send(Map<WrappedByteArray, Asked> some) {
    Map<WrappedByteArray, Swap> swaps = new LinkedHashMap<>();
    some.forEach((key, asked) -> swaps.put(key, asked.swap()));
    exchange
        .apply(swaps)
        .whenComplete(
            (done, failure) -> {
              end();
              begin();
              some.values().forEach(each -> each.end(failure));
            });
  }

  private synchronized void end() {
    underWay--;
  }
}
