package io.smache.node.engine.grid;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.infinispan.commons.marshall.WrappedByteArray;
import org.jspecify.annotations.Nullable;

/**
 * Swaps on their way to the same members. One message is under way at a time; what comes meanwhile
 * goes together in the next one. So one that comes alone is not held up, and many cost little more
 * than a few. Thread-safe.
 */
final class Lane {
  /** What is longer would be cut into several messages. */
  private static final int MOST_BYTES = 1 << 15;

  /** After so many messages that were done at once, another thread works for the others. */
  private static final int MOST_AT_ONCE = 64;

  private final Function<Map<WrappedByteArray, Swap>, CompletableFuture<@Nullable Void>> exchange;

  // guarded by this
  private final Queue<Asked> waiting = new ArrayDeque<>();
  private boolean busy;

  private record Asked(
      WrappedByteArray key, Swap swap, CompletableFuture<byte @Nullable []> found) {
    void end(@Nullable Throwable failure) {
      if (failure != null) {
        found.completeExceptionally(failure);
      } else if (!swap.isDecided()) {
        found.completeExceptionally(new IllegalStateException("the partition has moved"));
      } else {
        found.complete(swap.found());
      }
    }
  }

  /** Begins with nothing under way. */
  Lane(Function<Map<WrappedByteArray, Swap>, CompletableFuture<@Nullable Void>> exchange) {
    this.exchange = exchange;
  }

  /**
   * Makes a swap; two of one key go one after the other.
   *
   * @return as {@link Swap#found} does; fails when it is not known what became of it, and when a
   *     message before it has failed: those behind it have waited as long
   */
  CompletableFuture<byte @Nullable []> add(WrappedByteArray key, Swap swap) {
    Asked asked = new Asked(key, swap, new CompletableFuture<>());
    synchronized (this) {
      waiting.add(asked);
    }
    begin();
    return asked.found();
  }

  /**
   * What is done at once is told while the lane is busy: who adds then waits, and goes no deeper.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // each swap is told
  private void begin() {
    int left = MOST_AT_ONCE;
    for (Map<WrappedByteArray, Asked> next = next(); !next.isEmpty(); next = next()) {
      Collection<Asked> some = next.values();
      CompletableFuture<@Nullable Throwable> ended = send(next);
      if (ended.isDone()) {
        Throwable failure = ended.join();
        tell(some, failure);
        tell(end(failure), failure);
        if (--left == 0) {
          CompletableFuture.runAsync(this::begin);
          return;
        }
      } else {
        ended.thenAccept(
            failure -> {
              List<Asked> behind = end(failure);
              begin();
              tell(some, failure);
              tell(behind, failure);
            });
      }
    }
  }

  private synchronized Map<WrappedByteArray, Asked> next() {
    Map<WrappedByteArray, Asked> next = new LinkedHashMap<>();
    if (busy) {
      return next;
    }
    int bytes = 0;
    while (bytes < MOST_BYTES && isAnother(waiting.peek(), next)) {
      Asked each = waiting.remove();
      next.put(each.key(), each);
      bytes += each.swap().size();
    }
    busy = !next.isEmpty();
    return next;
  }

  private static boolean isAnother(@Nullable Asked first, Map<WrappedByteArray, Asked> some) {
    return first != null && !some.containsKey(first.key());
  }

  private CompletableFuture<@Nullable Throwable> send(Map<WrappedByteArray, Asked> some) {
    Map<WrappedByteArray, Swap> swaps = new LinkedHashMap<>();
    some.forEach((key, asked) -> swaps.put(key, asked.swap()));
    return CompletableFuture.completedFuture(swaps)
        .thenCompose(exchange)
        .handle((done, failure) -> failure);
  }

  private static void tell(Collection<Asked> some, @Nullable Throwable failure) {
    some.forEach(each -> each.end(failure));
  }

  private synchronized List<Asked> end(@Nullable Throwable failure) {
    busy = false;
    if (failure == null) {
      return List.of();
    }
    List<Asked> behind = List.copyOf(waiting);
    waiting.clear();
    return behind;
  }
}
