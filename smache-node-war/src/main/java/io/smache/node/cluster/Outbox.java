package io.smache.node.cluster;

import io.smache.node.runtime.Timeouts;
import io.smache.node.store.Clock;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/**
 * Gathers operations for one peer into calls. A few calls may be under way at a time; operations
 * that come meanwhile travel in the next one. All operations on a key share one sequence of calls,
 * so they keep their order. Operations that the peer cannot execute at once are sent again in a
 * call of their own, so that they delay no others. Thread-safe.
 */
final class Outbox {
  /** Calls under way at most. */
  private static final int WAYS = 2;

  /** Operations in a call at most. */
  private static final int MAX_OPERATIONS = 256;

  /** Bytes of a call after which nothing is added to it. */
  private static final long ENOUGH_BYTES = 1 << 20;

  /** Memory of a waiting operation in addition to its key and value, in bytes; about. */
  private static final int OVERHEAD = 512;

  /** A larger value may fill the buffer of a slow reader, so another thread passes it on. */
  private static final int LARGE = 1 << 13;

  private static final Outcome LATE =
      new Outcome.Unavailable("the node that owns this key does not answer");

  private static final Outcome CROWDED =
      new Outcome.Unavailable("too many bytes wait for the node that owns this key", true);

  private final Call call;
  private final InFlight inFlight;
  private final Executor executor;
  private final Clock clock;
  private final List<Way> ways = Stream.generate(Way::new).limit(WAYS).toList();

  /** Brings operations to the peer. */
  interface Call {
    /**
     * Completes with the outcome of each.
     *
     * @param epoch the newest by which one of them was sent here
     * @param waits whether to wait for entries that have not arrived; else the outcome is {@link
     *     Outcome.Later}
     */
    CompletableFuture<List<Outcome>> bring(long epoch, List<Operation> operations, boolean waits);
  }

  /**
   * Makes one with nothing in it.
   *
   * @param inFlight bounds the bytes of what waits
   * @param executor hands over large values
   */
  Outbox(Call call, InFlight inFlight, Executor executor, Clock clock) {
    this.call = call;
    this.inFlight = inFlight;
    this.executor = executor;
    this.clock = clock;
  }

  /**
   * Completes with the outcome; never fails.
   *
   * @param epoch of the table by which the peer owns its key
   */
  CompletableFuture<Outcome> send(long epoch, Operation operation) {
    InFlight.Share share = inFlight.begin();
    if (!share.grow(OVERHEAD + operation.bytes())) {
      return CompletableFuture.completedFuture(CROWDED);
    }
    CompletableFuture<Outcome> answer = new CompletableFuture<>();
    ways.get(operation.key().shard(WAYS))
        .add(new Letter(epoch, operation, clock.nanos(), share, answer));
    return answer;
  }

  /**
   * An operation that waits for its call or its answer.
   *
   * @param since when it came (ns)
   */
  private record Letter(
      long epoch,
      Operation operation,
      long since,
      InFlight.Share share,
      CompletableFuture<Outcome> answer) {
    boolean isAnswered() {
      return answer.isDone();
    }

    void complete(Outcome outcome) {
      share.end();
      answer.complete(outcome);
    }
  }

  /** Never fails, whatever the call does. */
  private CompletableFuture<List<Outcome>> bring(List<Letter> letters, boolean waits) {
    int size = letters.size();
    long epoch = letters.stream().mapToLong(Letter::epoch).max().orElseThrow();
    List<Operation> operations = letters.stream().map(Letter::operation).toList();
    return CompletableFuture.completedFuture(operations)
        .thenCompose(all -> call.bring(epoch, all, waits))
        .thenApply(outcomes -> outcomes.size() == size ? outcomes : late(size))
        .exceptionally(failure -> late(size));
  }

  private static List<Outcome> late(int size) {
    return Collections.nCopies(size, LATE);
  }

  private void deliver(List<Letter> letters, List<Outcome> outcomes) {
    for (int i = 0; i < letters.size(); i++) {
      deliver(letters.get(i), outcomes.get(i));
    }
  }

  private void deliver(Letter letter, Outcome outcome) {
    if (outcome instanceof Outcome.Later) {
      bring(List.of(letter), true)
          .thenAccept(outcomes -> letter.complete(outcomes.get(0)))
          .exceptionally(failure -> null);
    } else if (outcome instanceof Outcome.Found found && found.entry().value().length > LARGE) {
      executor.execute(() -> letter.complete(outcome));
    } else {
      letter.complete(outcome);
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
      work();
    }

    /** Sends calls until one is under way, whose end continues here, or nothing waits. */
    private void work() {
      List<Letter> letters = gathered();
      while (!letters.isEmpty()) {
        long now = clock.nanos();
        letters.stream()
            .filter(letter -> now - letter.since() > Timeouts.OUTBOX.toNanos())
            .forEach(letter -> letter.complete(LATE));
        List<Letter> timely = letters.stream().filter(letter -> !letter.isAnswered()).toList();
        if (!timely.isEmpty() && !isBrought(timely)) {
          return;
        }
        letters = gathered();
      }
    }

    /** Returns whether the answer is here already; if not, its arrival continues the work. */
    private boolean isBrought(List<Letter> letters) {
      CompletableFuture<List<Outcome>> answer = bring(letters, false);
      if (answer.isDone()) {
        deliver(letters, answer.join());
        return true;
      }
      answer
          .thenAccept(
              outcomes -> {
                work();
                deliver(letters, outcomes);
              })
          .exceptionally(failure -> null);
      return false;
    }

    /** Takes the operations of the next call; empty when nothing waits. */
    private synchronized List<Letter> gathered() {
      List<Letter> letters = new ArrayList<>();
      long bytes = 0;
      while (!waiting.isEmpty() && letters.size() < MAX_OPERATIONS && bytes < ENOUGH_BYTES) {
        Letter letter = waiting.remove();
        letters.add(letter);
        bytes += letter.operation().bytes();
      }
      busy = !letters.isEmpty();
      return letters;
    }
  }
}
