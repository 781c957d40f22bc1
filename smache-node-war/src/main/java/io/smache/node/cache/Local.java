package io.smache.node.cache;

import io.smache.node.shard.Shards;
import io.smache.node.store.Get;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import io.smache.node.store.State;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Does operations on this node, and lets those wait that ask for a value which somebody is about to
 * compute. Thread-safe.
 */
@ApplicationScoped
class Local {
  /** The most bytes of values in the answer to many operations. */
  private static final long MAX_ANSWER = Runtime.getRuntime().maxMemory() / 16;

  private static final Outcome TOO_MUCH =
      new Outcome.TooLarge(
          "the values of one answer may have %d bytes together; ask for this one in another"
              .formatted(MAX_ANSWER));

  @Inject Shards shards;
  @Inject Waiting waiting;
  @Inject ExecutorService executor;

  /** Completes at once, or when the value is there that the operation waits for. */
  CompletableFuture<Outcome> perform(Operation operation) {
    Outcome outcome = shards.perform(operation);
    if (operation instanceof Get get && get.patience() > 0 && isMissing(outcome)) {
      return await(get, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(get.patience()));
    }
    wake(operation, outcome);
    return CompletableFuture.completedFuture(outcome);
  }

  /** Does operations, none of which waits. */
  List<Outcome> performAll(List<Operation> operations) {
    List<Outcome> outcomes = shards.performAll(operations);
    for (int i = 0; i < outcomes.size(); i++) {
      wake(operations.get(i), outcomes.get(i));
    }
    return bounded(operations, outcomes);
  }

  /** Values are shared until somebody copies them all into one answer: so their sum is bounded. */
  private static List<Outcome> bounded(List<Operation> operations, List<Outcome> outcomes) {
    List<Outcome> bounded = new ArrayList<>(outcomes.size());
    long sum = 0;
    for (int i = 0; i < outcomes.size(); i++) {
      boolean read = operations.get(i) instanceof Get;
      long bytes = read ? valueBytes(outcomes.get(i)) : 0;
      boolean fits = sum == 0 || bytes == 0 || sum + bytes <= MAX_ANSWER;
      sum += fits ? bytes : 0;
      bounded.add(fits ? outcomes.get(i) : TOO_MUCH);
    }
    return bounded;
  }

  private static long valueBytes(Outcome outcome) {
    return outcome instanceof Outcome.Found found ? found.entry().value().length : 0;
  }

  private void wake(Operation operation, Outcome outcome) {
    boolean written = outcome instanceof Outcome.Stored || outcome instanceof Outcome.Found;
    if (written && !(operation instanceof Get)) {
      waiting.wake(operation.cache(), operation.key());
    }
  }

  /**
   * Waits for a write or, if another is to compute the value then, for the end of the lease. Who
   * waits is noted before the entry is looked at again: so no write goes by unseen.
   */
  private CompletableFuture<Outcome> await(Get get, long deadline) {
    CompletableFuture<Void> written = waiting.await(get.cache(), get.key());
    Outcome outcome = shards.perform(get);
    long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
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
