package io.smache.node.cache;

import io.smache.node.cluster.Discovery;
import io.smache.node.cluster.Membership;
import io.smache.node.cluster.PeerLink;
import io.smache.node.cluster.Route;
import io.smache.node.shard.Shards;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * The operations of the cache. Whoever does not own a key any more says so; then the newest table
 * is fetched and the operation is tried once more, never a third time. Thread-safe; no method waits
 * for the network.
 */
@ApplicationScoped
public class Cache {
  private static final long DEADLINE_MILLIS = 5000;

  @Inject Membership membership;
  @Inject Discovery discovery;
  @Inject PeerLink peers;
  @Inject Shards shards;

  /** Does the operation wherever the key lives; completes within five seconds, never by failing. */
  public CompletionStage<Answer> perform(Operation operation) {
    long epoch = membership.epoch();
    CompletableFuture<Answer> first = attempt(operation);
    if (first.isDone() && !isNotOwned(first.join())) {
      return first;
    }
    return first
        .thenCompose(answer -> isNotOwned(answer) ? again(operation, epoch) : first)
        .completeOnTimeout(
            here(new Outcome.Unavailable("no answer in time")),
            DEADLINE_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  /**
   * Does an operation for another node, here or not at all.
   *
   * @param epoch of the table by which the other node chose this one
   */
  public CompletionStage<Answer> performHere(Operation operation, long epoch) {
    Answer answer = here(shards.perform(operation));
    if (!isNotOwned(answer) || epoch <= membership.epoch()) {
      return CompletableFuture.completedFuture(answer);
    }
    return discovery
        .newerThan(membership.epoch())
        .thenApply(table -> here(shards.perform(operation)))
        .exceptionally(failure -> answer);
  }

  private CompletableFuture<Answer> attempt(Operation operation) {
    Route route = membership.route(operation.key());
    if (route instanceof Route.There there) {
      return peers
          .send(there.owner(), there.epoch(), operation)
          .thenApply(outcome -> new Answer(there.owner().name(), outcome));
    }
    return CompletableFuture.completedFuture(
        here(
            route instanceof Route.Here
                ? shards.perform(operation)
                : new Outcome.Unavailable("this node has not joined its cluster yet")));
  }

  private CompletableFuture<Answer> again(Operation operation, long epoch) {
    return discovery
        .newerThan(epoch)
        .thenCompose(table -> attempt(operation))
        .thenApply(answer -> isNotOwned(answer) ? moving() : answer)
        .exceptionally(failure -> moving());
  }

  private Answer moving() {
    return here(new Outcome.Unavailable("the partition of this key is moving"));
  }

  private Answer here(Outcome outcome) {
    return new Answer(membership.self().name(), outcome);
  }

  private static boolean isNotOwned(Answer answer) {
    return answer.outcome() instanceof Outcome.NotOwned;
  }
}
