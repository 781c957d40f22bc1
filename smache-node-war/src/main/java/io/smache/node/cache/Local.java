package io.smache.node.cache;

import io.smache.node.shard.Shards;
import io.smache.node.store.Get;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import io.smache.node.store.Place;
import io.smache.node.store.State;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Does operations on this node, and lets those wait that ask for a value which somebody is about to
 * compute. Thread-safe.
 */
@Dependent
class Local {
  private static final Outcome TOO_MUCH =
      new Outcome.TooLarge(
          "the values of one answer may have %d bytes together; ask for this one in another"
              .formatted(Cache.MAX_ANSWER));

  /** The owner of a key answers before the node that asked it loses its patience. */
  private static final long ARRIVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);

  private static final int PAUSE_MILLIS = 100;

  private static final Outcome NOT_HERE =
      new Outcome.Unavailable("the entry has not arrived from its old owner yet");

  private static final Outcome DOUBTFUL =
      new Outcome.Unavailable(
          "this node is cut off from its cluster and may not own this key any more");

  @Inject Shards shards;
  @Inject Arrivals arrivals;
  @Inject Standing standing;
  @Inject Waiting waiting;
  @Inject ExecutorService executor;

  /** Completes at once, or when what it needs has arrived, or the value that it waits for. */
  CompletableFuture<Outcome> perform(Operation operation) {
    Outcome outcome = attempt(operation);
    CompletableFuture<Outcome> done =
        outcome instanceof Outcome.Arriving
            ? arrived(operation)
            : CompletableFuture.completedFuture(outcome);
    return operation instanceof Get get && get.patience() > 0
        ? patiently(get, done, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(get.patience()))
        : done;
  }

  private CompletableFuture<Outcome> arrived(Operation operation) {
    return performAll(List.of(operation)).thenApply(outcomes -> outcomes.get(0));
  }

  private CompletableFuture<Outcome> patiently(
      Get get, CompletableFuture<Outcome> done, long deadline) {
    return done.thenCompose(outcome -> isMissing(outcome) ? await(get, deadline) : done);
  }

  private Outcome attempt(Operation operation) {
    return operation.isConditional()
        ? attempt(List.of(operation)).get(0)
        : woken(operation, shards.perform(operation));
  }

  /**
   * Does operations. Who is in doubt does nothing that depends on what is there; and who is in
   * doubt after it was done cannot promise that nobody else has written.
   */
  private List<Outcome> attempt(List<Operation> operations) {
    boolean doubtful = standing.isDoubtful();
    List<Operation> done =
        doubtful ? operations.stream().filter(each -> !each.isConditional()).toList() : operations;
    Iterator<Outcome> outcomes = shards.performAll(done).iterator();
    boolean doubtfulNow = doubtful || standing.isDoubtful();
    List<Outcome> all = new ArrayList<>(operations.size());
    for (Operation operation : operations) {
      boolean skipped = doubtful && operation.isConditional();
      Outcome outcome = skipped ? DOUBTFUL : woken(operation, outcomes.next());
      all.add(doubtfulNow && operation.isConditional() ? DOUBTFUL : outcome);
    }
    return all;
  }

  /** Does operations, none of which waits for a value; those on one key in their order. */
  CompletableFuture<List<Outcome>> performAll(List<Operation> operations) {
    long deadline = System.nanoTime() + ARRIVAL_NANOS;
    return performAll(operations, deadline)
        .thenApply(outcomes -> bounded(operations, outcomes, TOO_MUCH));
  }

  /**
   * Does what can be done at once; the rest is for {@link Outcome.Later later}, and until then what
   * it needs is fetched.
   */
  List<Outcome> performNow(List<Operation> operations) {
    Outcome later = new Outcome.Later();
    List<Outcome> outcomes = attempt(operations);
    List<Operation> missing = arriving(operations, outcomes);
    if (!missing.isEmpty()) {
      arrivals.fetch(places(missing)).exceptionally(failure -> null);
      outcomes =
          outcomes.stream().map(each -> each instanceof Outcome.Arriving ? later : each).toList();
    }
    return bounded(operations, outcomes, later);
  }

  private CompletableFuture<List<Outcome>> performAll(List<Operation> operations, long deadline) {
    List<Outcome> outcomes = attempt(operations);
    List<Operation> missing = arriving(operations, outcomes);
    return missing.isEmpty()
        ? CompletableFuture.completedFuture(outcomes)
        : fetchAndPerform(missing, deadline).thenApply(late -> filledIn(outcomes, late));
  }

  /** Returns those of the operations that need what has not arrived yet. */
  private static List<Operation> arriving(List<Operation> operations, List<Outcome> outcomes) {
    List<Operation> arriving = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      if (outcomes.get(i) instanceof Outcome.Arriving) {
        arriving.add(operations.get(i));
      }
    }
    return arriving;
  }

  private static List<Place> places(List<Operation> operations) {
    return operations.stream().map(each -> new Place(each.cache(), each.key())).distinct().toList();
  }

  private static List<Outcome> filledIn(List<Outcome> outcomes, List<Outcome> late) {
    Iterator<Outcome> next = late.iterator();
    return outcomes.stream()
        .map(outcome -> outcome instanceof Outcome.Arriving ? next.next() : outcome)
        .toList();
  }

  /** What did not succeed by now is not tried behind the back of a client who was told so. */
  private CompletableFuture<List<Outcome>> fetchAndPerform(
      List<Operation> operations, long deadline) {
    long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    if (left <= 0) {
      return CompletableFuture.completedFuture(Collections.nCopies(operations.size(), NOT_HERE));
    }
    return arrivals
        .fetch(places(operations))
        .orTimeout(left, TimeUnit.MILLISECONDS)
        .handle((fetched, failure) -> failure == null ? 0 : PAUSE_MILLIS)
        .thenCompose(Local::pause)
        .thenComposeAsync(rested -> performAll(operations, deadline), executor);
  }

  private static CompletableFuture<@Nullable Void> pause(int millis) {
    return millis == 0
        ? CompletableFuture.completedFuture(null)
        : new CompletableFuture<@Nullable Void>()
            .completeOnTimeout(null, millis, TimeUnit.MILLISECONDS);
  }

  /** Values are shared until somebody copies them all into one answer: so their sum is bounded. */
  private static List<Outcome> bounded(
      List<Operation> operations, List<Outcome> outcomes, Outcome tooMuch) {
    List<Outcome> bounded = new ArrayList<>(outcomes.size());
    long sum = 0;
    for (int i = 0; i < outcomes.size(); i++) {
      boolean read = operations.get(i) instanceof Get;
      long bytes = read ? valueBytes(outcomes.get(i)) : 0;
      boolean fits = sum == 0 || bytes == 0 || sum + bytes <= Cache.MAX_ANSWER;
      sum += fits ? bytes : 0;
      bounded.add(fits ? outcomes.get(i) : tooMuch);
    }
    return bounded;
  }

  private static long valueBytes(Outcome outcome) {
    return outcome instanceof Outcome.Found found ? found.entry().value().length : 0;
  }

  private Outcome woken(Operation operation, Outcome outcome) {
    boolean written = outcome instanceof Outcome.Stored || outcome instanceof Outcome.Found;
    if (written && !(operation instanceof Get)) {
      waiting.wake(operation.cache(), operation.key());
    }
    return outcome;
  }

  /**
   * Waits for a write or, if another is to compute the value then, for the end of the lease. Who
   * waits is noted before the entry is looked at again: so no write goes by unseen.
   */
  private CompletableFuture<Outcome> await(Get get, long deadline) {
    CompletableFuture<Void> written = waiting.await(get.cache(), get.key());
    Outcome outcome = shards.perform(get);
    long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    if (outcome instanceof Outcome.Arriving) {
      waiting.giveUp(get.cache(), get.key(), written);
      return left > 0 ? patiently(get, arrived(get), deadline) : arrived(get);
    }
    if (!isMissing(outcome) || left <= 0) {
      waiting.giveUp(get.cache(), get.key(), written);
      return CompletableFuture.completedFuture(outcome);
    }
    long lease = ((Outcome.Absent) outcome).pending();
    long pause = lease > 0 && get.lease() > 0 ? Math.min(lease, left) : left;
    return written
        .completeOnTimeout(null, pause, TimeUnit.MILLISECONDS)
        .thenComposeAsync(
            done -> {
              waiting.giveUp(get.cache(), get.key(), written);
              return await(get, deadline);
            },
            executor);
  }

  private static boolean isMissing(Outcome outcome) {
    return outcome instanceof Outcome.Absent absent && absent.state() != State.WINNER;
  }
}
