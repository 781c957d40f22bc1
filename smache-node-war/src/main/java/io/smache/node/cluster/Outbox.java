package io.smache.node.cluster;

import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Operations for one peer. A few calls may be under way to it; what comes meanwhile gathers and
 * travels in the next one, and what comes while there is none goes at once. All operations on a key
 * take the same of the ways, so they arrive in the order in which they came. Thread-safe.
 */
final class Outbox {
  private static final Logger LOG = System.getLogger(Outbox.class.getName());

  /** Most calls under way. */
  private static final int WAYS = 4;

  /** Most operations in a call. */
  private static final int MAX_OPERATIONS = 256;

  /** Bytes of a call after which nothing is added to it. */
  private static final long ENOUGH_BYTES = 1 << 20;

  private static final Outcome LATE =
      new Outcome.Unavailable("the node that owns this key does not answer");

  private final Call call;
  private final long patienceNanos;
  private final List<Way> ways = new ArrayList<>(WAYS);

  /** Brings operations to the peer. */
  interface Call {
    /**
     * Completes with what came of each.
     *
     * @param epoch the newest by which one of them was sent here
     * @param patience how long to wait for the answer, above 0
     */
    CompletableFuture<List<Outcome>> bring(
        long epoch, List<Operation> operations, Duration patience);
  }

  /** Makes one whose operations are given up after some time, whether sent or not. */
  Outbox(Call call, Duration patience) {
    this.call = call;
    this.patienceNanos = patience.toNanos();
    for (int i = 0; i < WAYS; i++) {
      ways.add(new Way());
    }
  }

  /**
   * Completes with what came of the operation, never by failing.
   *
   * @param epoch of the table by which the peer owns its key
   */
  CompletableFuture<Outcome> send(long epoch, Operation operation) {
    Letter letter = new Letter(epoch, operation, System.nanoTime() + patienceNanos);
    ways.get(operation.key().shard(WAYS)).add(letter);
    return letter.answer();
  }

  /**
   * An operation that waits for its call or its answer.
   *
   * @param deadline when nobody waits for it any more (ns)
   */
  private record Letter(
      long epoch, Operation operation, long deadline, CompletableFuture<Outcome> answer) {
    Letter(long epoch, Operation operation, long deadline) {
      this(epoch, operation, deadline, new CompletableFuture<>());
    }

    boolean isLate() {
      return System.nanoTime() - deadline >= 0;
    }
  }

  /** One call at a time. */
  private final class Way {
    private final Deque<Letter> waiting = new ArrayDeque<>();
    private boolean busy;

    void add(Letter letter) {
      synchronized (this) {
        waiting.add(letter);
        if (busy) {
          return;
        }
        busy = true;
      }
      next();
    }

    private void next() {
      List<Letter> late = new ArrayList<>();
      List<Letter> letters = gathered(late);
      late.forEach(letter -> letter.answer().complete(LATE));
      if (letters.isEmpty()) {
        return;
      }
      long epoch = letters.stream().mapToLong(Letter::epoch).max().orElseThrow();
      long left = letters.get(0).deadline() - System.nanoTime();
      Duration patience = Duration.ofNanos(Math.max(TimeUnit.MILLISECONDS.toNanos(1), left));
      call.bring(epoch, letters.stream().map(Letter::operation).toList(), patience)
          .exceptionally(failure -> Collections.nCopies(letters.size(), LATE))
          .thenAccept(
              outcomes -> {
                next();
                deliver(letters, outcomes);
              })
          .exceptionally(
              failure -> {
                LOG.log(Level.WARNING, "an answer of another node was lost", failure);
                return null;
              });
    }

    /** Takes what the next call carries; nothing means that there is no call. */
    private synchronized List<Letter> gathered(List<Letter> late) {
      List<Letter> letters = new ArrayList<>();
      long bytes = 0;
      while (letters.size() < MAX_OPERATIONS && bytes < ENOUGH_BYTES) {
        Letter letter = waiting.poll();
        if (letter == null) {
          break;
        }
        if (letter.isLate()) {
          late.add(letter);
          continue;
        }
        letters.add(letter);
        bytes += letter.operation().bytes();
      }
      busy = !letters.isEmpty();
      return letters;
    }

    private void deliver(List<Letter> letters, List<Outcome> outcomes) {
      for (int i = 0; i < letters.size(); i++) {
        letters.get(i).answer().complete(outcomes.get(i));
      }
    }
  }
}
