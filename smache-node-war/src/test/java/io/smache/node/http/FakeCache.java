package io.smache.node.http;

import io.smache.node.cache.Answer;
import io.smache.node.cache.Cache;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import io.smache.node.store.State;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A cache that answers what the test wants. */
final class FakeCache extends Cache {
  final List<Operation> performed = new ArrayList<>();
  Outcome outcome = new Outcome.Absent(State.PLAIN, 0);

  @Override
  public CompletionStage<Answer> perform(Operation operation) {
    performed.add(operation);
    return CompletableFuture.supplyAsync(() -> new Answer("owner", outcome));
  }

  @Override
  public CompletionStage<List<Outcome>> performHere(List<Operation> operations, long epoch) {
    performed.addAll(operations);
    return CompletableFuture.supplyAsync(() -> List.of(outcome));
  }
}
