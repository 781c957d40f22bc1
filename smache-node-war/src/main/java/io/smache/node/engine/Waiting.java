package io.smache.node.engine;

import io.smache.node.store.EntryId;
import io.smache.node.store.Get;
import io.smache.node.store.Outcome;
import io.smache.node.store.State;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;

/** The requests on this node that wait for a value. No thread waits. Thread-safe. */
public final class Waiting {
  private final Map<EntryId, Set<CompletableFuture<Void>>> waiting = new ConcurrentHashMap<>();
  private final ExecutorService executor;
  private final Duration most;

  /**
   * Begins with nobody who waits.
   *
   * @param executor reads again for those who were woken
   * @param most after how long everybody reads again, woken or not
   */
  public Waiting(ExecutorService executor, Duration most) {
    this.executor = executor;
    this.most = most;
  }

  /**
   * Reads, and if there is no value, again when it is written or the claim to compute it ends, for
   * as long as the asker waits.
   *
   * @param read reads once
   */
  public CompletableFuture<Outcome> perform(
      Get get, Function<Get, CompletableFuture<Outcome>> read) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(get.timeout());
    CompletableFuture<Outcome> first = read.apply(get);
    return get.timeout() > 0
        ? first.thenCompose(outcome -> isMissing(outcome) ? await(get, read, deadline) : first)
        : first;
  }

  /** The waiter is registered before the entry is read again, so that no write is missed. */
  private CompletableFuture<Outcome> await(
      Get get, Function<Get, CompletableFuture<Outcome>> read, long deadline) {
    CompletableFuture<Void> written = register(get.id());
    CompletableFuture<Outcome> again = read.apply(get);
    return again.thenCompose(
        outcome -> {
          long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
          if (!isMissing(outcome) || left <= 0) {
            giveUp(get.id(), written);
            return again;
          }
          long claim = ((Outcome.Absent) outcome).pending();
          long pause = claim > 0 && get.claim() > 0 ? Math.min(claim, left) : left;
          return written
              .completeOnTimeout(null, Math.min(pause, most.toMillis()), TimeUnit.MILLISECONDS)
              .thenComposeAsync(
                  done -> {
                    giveUp(get.id(), written);
                    return await(get, read, deadline);
                  },
                  executor);
        });
  }

  private static boolean isMissing(Outcome outcome) {
    return outcome instanceof Outcome.Absent absent && absent.state() != State.WINNER;
  }

  private CompletableFuture<Void> register(EntryId key) {
    CompletableFuture<Void> written = new CompletableFuture<>();
    waiting.compute(
        key,
        (id, others) -> {
          Set<CompletableFuture<Void>> all =
              others == null ? ConcurrentHashMap.newKeySet() : others;
          all.add(written);
          return all;
        });
    return written;
  }

  @SuppressWarnings("CollectionUndefinedEquality") // this very one is meant
  private void giveUp(EntryId key, CompletableFuture<Void> written) {
    waiting.computeIfPresent(
        key,
        (id, all) -> {
          all.remove(written);
          return all.isEmpty() ? null : all;
        });
  }

  /** Wakes all requests that wait for the key. */
  public void wake(EntryId id) {
    Set<CompletableFuture<Void>> all = waiting.isEmpty() ? null : waiting.remove(id);
    if (all != null) {
      all.forEach(written -> written.complete(null));
    }
  }

  /** Wakes those whose keys this node no longer serves; they continue where these are now. */
  public void wakeUnless(Predicate<EntryId> stays) {
    waiting.keySet().stream().filter(stays.negate()).toList().forEach(this::wake);
  }
}
