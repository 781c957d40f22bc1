package io.smache.node.cache;

import io.smache.node.cluster.ClusterConfig;
import io.smache.node.cluster.TableInForce;
import io.smache.node.runtime.NodeScoped;
import io.smache.node.store.EntryId;
import io.smache.node.store.Key;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** The requests on this node that wait for a value. No thread waits. Thread-safe. */
@NodeScoped
class Waiting {
  private final Map<EntryId, Set<CompletableFuture<Void>>> waiting = new ConcurrentHashMap<>();
  private final ClusterConfig config;

  @Inject
  Waiting(ClusterConfig config) {
    this.config = config;
  }

  /** Returns a future that completes when the key is written; to be released by {@link #giveUp}. */
  CompletableFuture<Void> await(String cache, Key key) {
    CompletableFuture<Void> written = new CompletableFuture<>();
    waiting.compute(
        new EntryId(cache, key),
        (id, others) -> {
          Set<CompletableFuture<Void>> all =
              others == null ? ConcurrentHashMap.newKeySet() : others;
          all.add(written);
          return all;
        });
    return written;
  }

  @SuppressWarnings("CollectionUndefinedEquality") // this very one is meant
  void giveUp(String cache, Key key, CompletableFuture<Void> written) {
    waiting.computeIfPresent(
        new EntryId(cache, key),
        (id, all) -> {
          all.remove(written);
          return all.isEmpty() ? null : all;
        });
  }

  /** Wakes all requests that wait for the key. */
  void wake(String cache, Key key) {
    if (!waiting.isEmpty()) {
      wake(new EntryId(cache, key));
    }
  }

  /**
   * Wakes all requests that wait for keys this node no longer owns; they continue at the new owner.
   */
  void follow(@Observes TableInForce inForce) {
    for (EntryId id : waiting.keySet()) {
      if (!inForce.table().owner(id.key().partition()).isSameProcess(config.self())) {
        wake(id);
      }
    }
  }

  private void wake(EntryId id) {
    Set<CompletableFuture<Void>> all = waiting.remove(id);
    if (all != null) {
      all.forEach(written -> written.complete(null));
    }
  }
}
