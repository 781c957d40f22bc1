package io.smache.node.engine.shards;

import io.smache.node.cluster.SplitBrainGuard;
import io.smache.node.engine.Bounded;
import io.smache.node.engine.Waiting;
import io.smache.node.runtime.EventLoops;
import io.smache.node.runtime.Timeouts;
import io.smache.node.shard.Shards;
import io.smache.node.store.EntryId;
import io.smache.node.store.Get;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import io.smache.node.transfer.InboundTransfers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Executes operations on this node. A GET may wait for a value that another client is computing.
 * Thread-safe.
 */
final class Local {
  private static final int PAUSE_MILLIS = 100;

  private static final Outcome NOT_HERE =
      new Outcome.Unavailable("the entry has not arrived from its old owner yet");

  private static final Outcome DEGRADED =
      new Outcome.Unavailable(
          "this node is cut off from its cluster and may no longer own this key");

  private final Shards shards;
  private final InboundTransfers inboundTransfers;
  private final SplitBrainGuard splitBrainGuard;
  private final Waiting waiting;
  private final Turns turns;
  private final ExecutorService executor;

  Local(
      Shards shards,
      InboundTransfers inboundTransfers,
      SplitBrainGuard splitBrainGuard,
      Waiting waiting,
      EventLoops loops,
      ExecutorService executor) {
    this.shards = shards;
    this.inboundTransfers = inboundTransfers;
    this.splitBrainGuard = splitBrainGuard;
    this.waiting = waiting;
    this.turns = new Turns(loops, this::attempt, this::arrived);
    this.executor = executor;
  }

  /**
   * Completes at once, a write on an event loop at the end of its turn; or when the entry has
   * arrived, or when the awaited value is written.
   */
  CompletableFuture<Outcome> perform(Operation operation) {
    if (operation instanceof Get get && get.timeout() > 0) {
      return waiting.perform(get, this::performOnce);
    }
    Turn turn = operation instanceof Get ? null : turns.current();
    return turn == null ? performOnce(operation) : turn.add(operation);
  }

  private CompletableFuture<Outcome> performOnce(Operation operation) {
    Outcome outcome = attempt(operation);
    return outcome instanceof Outcome.Arriving
        ? arrived(operation)
        : CompletableFuture.completedFuture(outcome);
  }

  private CompletableFuture<Outcome> arrived(Operation operation) {
    long deadline = System.nanoTime() + Timeouts.FETCH.toNanos();
    return fetchAndPerform(List.of(operation), deadline).thenApply(outcomes -> outcomes.get(0));
  }

  private Outcome attempt(Operation operation) {
    return operation.isConditional()
        ? attempt(List.of(operation)).get(0)
        : woken(operation, shards.perform(operation));
  }

  /**
   * Executes operations. A node that may have lost its membership refuses conditional operations,
   * before and after they ran: it cannot promise that no other node has written.
   */
  private List<Outcome> attempt(List<Operation> operations) {
    return isAnyConditional(operations)
        ? attemptUnlessDegraded(operations)
        : woken(operations, shards.performAll(operations));
  }

  private static boolean isAnyConditional(List<Operation> operations) {
    for (int i = 0; i < operations.size(); i++) {
      if (operations.get(i).isConditional()) {
        return true;
      }
    }
    return false;
  }

  private List<Outcome> woken(List<Operation> operations, List<Outcome> outcomes) {
    for (int i = 0; i < operations.size(); i++) {
      woken(operations.get(i), outcomes.get(i));
    }
    return outcomes;
  }

  private List<Outcome> attemptUnlessDegraded(List<Operation> operations) {
    boolean degraded = splitBrainGuard.isDegraded();
    List<Operation> done =
        degraded ? operations.stream().filter(each -> !each.isConditional()).toList() : operations;
    Iterator<Outcome> outcomes = shards.performAll(done).iterator();
    boolean degradedNow = degraded || splitBrainGuard.isDegraded();
    List<Outcome> all = new ArrayList<>(operations.size());
    for (Operation operation : operations) {
      boolean skipped = degraded && operation.isConditional();
      Outcome outcome = skipped ? DEGRADED : woken(operation, outcomes.next());
      all.add(degradedNow && operation.isConditional() ? DEGRADED : outcome);
    }
    return all;
  }

  /** Executes operations that do not wait for values; those on one key in order. */
  CompletableFuture<List<Outcome>> performAll(List<Operation> operations) {
    long deadline = System.nanoTime() + Timeouts.FETCH.toNanos();
    return performUntil(deadline, operations)
        .thenApply(outcomes -> Bounded.of(operations, outcomes, Bounded.TOO_MUCH));
  }

  /**
   * Executes what needs no waiting; the rest gets {@link Outcome.Later}, and its entries are
   * fetched meanwhile.
   */
  List<Outcome> performNow(List<Operation> operations) {
    Outcome later = new Outcome.Later();
    List<Outcome> outcomes = attempt(operations);
    List<Operation> missing = arriving(operations, outcomes);
    if (!missing.isEmpty()) {
      inboundTransfers.fetch(ids(missing)).exceptionally(failure -> null);
      outcomes =
          outcomes.stream().map(each -> each instanceof Outcome.Arriving ? later : each).toList();
    }
    return Bounded.of(operations, outcomes, later);
  }

  private CompletableFuture<List<Outcome>> performUntil(long deadline, List<Operation> operations) {
    List<Outcome> outcomes = attempt(operations);
    List<Operation> missing = arriving(operations, outcomes);
    return missing.isEmpty()
        ? CompletableFuture.completedFuture(outcomes)
        : fetchAndPerform(missing, deadline).thenApply(late -> filledIn(outcomes, late));
  }

  /** Returns the operations whose entries have not arrived yet. */
  private static List<Operation> arriving(List<Operation> operations, List<Outcome> outcomes) {
    List<Operation> arriving = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      if (outcomes.get(i) instanceof Outcome.Arriving) {
        arriving.add(operations.get(i));
      }
    }
    return arriving;
  }

  private static List<EntryId> ids(List<Operation> operations) {
    return operations.stream().map(Operation::id).distinct().toList();
  }

  private static List<Outcome> filledIn(List<Outcome> outcomes, List<Outcome> late) {
    Iterator<Outcome> next = late.iterator();
    return outcomes.stream()
        .map(outcome -> outcome instanceof Outcome.Arriving ? next.next() : outcome)
        .toList();
  }

  /** An operation that failed by now is not retried: its client has been told so. */
  private CompletableFuture<List<Outcome>> fetchAndPerform(
      List<Operation> operations, long deadline) {
    long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    if (left <= 0) {
      return CompletableFuture.completedFuture(Collections.nCopies(operations.size(), NOT_HERE));
    }
    return inboundTransfers
        .fetch(ids(operations))
        .orTimeout(left, TimeUnit.MILLISECONDS)
        .handle((fetched, failure) -> failure == null ? 0 : PAUSE_MILLIS)
        .thenCompose(Local::pause)
        .thenComposeAsync(rested -> performUntil(deadline, operations), executor);
  }

  private static CompletableFuture<@Nullable Void> pause(int millis) {
    return millis == 0
        ? CompletableFuture.completedFuture(null)
        : new CompletableFuture<@Nullable Void>()
            .completeOnTimeout(null, millis, TimeUnit.MILLISECONDS);
  }

  private Outcome woken(Operation operation, Outcome outcome) {
    boolean written = outcome instanceof Outcome.Stored || outcome instanceof Outcome.Found;
    if (written && !(operation instanceof Get)) {
      waiting.wake(operation.id());
    }
    return outcome;
  }
}
