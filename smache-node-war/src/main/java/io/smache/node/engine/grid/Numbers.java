package io.smache.node.engine.grid;

import io.smache.node.store.Numbered;
import io.smache.node.store.Operation;
import io.smache.node.store.Version;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Numbers the writes that come in at this node, and knows which of them may still be asked again.
 * Thread-safe.
 */
final class Numbers {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Longer than an earlier attempt of a write may still be under way somewhere. */
  private static final long LATE_SECONDS = 10;

  /** Nothing is asked again after such a time, whatever became of it. */
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(60);

  /**
   * What is open for longer is named by itself, so that not all writes after it have to be
   * remembered for as long: a busy key would have too many of them.
   */
  private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final int MOST_LATE = 64;

  private final Executor later =
      CompletableFuture.delayedExecutor(LATE_SECONDS, TimeUnit.SECONDS, Runnable::run);
  private final long instance = RANDOM.nextLong(Long.MAX_VALUE);

  // guarded by this
  private final Map<Long, Long> open = new LinkedHashMap<>();
  private long last;

  /** Returns a write that may be asked again until it is settled. */
  synchronized Numbered open(Operation write) {
    long now = System.nanoTime();
    last++;
    open.put(last, now);
    List<Long> late = new ArrayList<>(0);
    Iterator<Map.Entry<Long, Long>> oldest = open.entrySet().iterator();
    Map.Entry<Long, Long> first = oldest.next();
    while (now - first.getValue() > LONG_NANOS && late.size() < MOST_LATE) {
      if (now - first.getValue() > MOST_NANOS) {
        oldest.remove();
      } else {
        late.add(first.getKey());
      }
      first = oldest.next();
    }
    return new Numbered(write, new Version(instance, last), first.getKey(), late, false);
  }

  /** Returns an operation that is asked once. */
  synchronized Numbered once(Operation operation) {
    last++;
    return new Numbered(operation, new Version(instance, last), 0, false);
  }

  /** Is told that a write is not asked again: at once, unless it was asked more than once. */
  void settle(Numbered write) {
    if (write.again()) {
      later.execute(() -> close(write));
    } else {
      close(write);
    }
  }

  private synchronized void close(Numbered write) {
    open.remove(write.number().sequence());
  }
}
