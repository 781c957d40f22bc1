package io.smache.node.cache;

import io.smache.node.store.Key;
import io.smache.node.store.Place;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Who waits on this node for a value that is not there yet. No thread waits. Thread-safe. */
@ApplicationScoped
class Waiting {
  private final Map<Place, Set<CompletableFuture<Void>>> waiting = new ConcurrentHashMap<>();

  /** Returns what completes when the key is written; to be given up by {@link #giveUp}. */
  CompletableFuture<Void> await(String cache, Key key) {
    CompletableFuture<Void> written = new CompletableFuture<>();
    waiting.compute(
        new Place(cache, key),
        (place, others) -> {
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
        new Place(cache, key),
        (place, all) -> {
          all.remove(written);
          return all.isEmpty() ? null : all;
        });
  }

  /** Tells all who wait for the key. */
  void wake(String cache, Key key) {
    wake(new Place(cache, key));
  }

  /** Tells all who wait for a key that is another node's now: they have to look there. */
  void wakeOthers(Predicate<Key> isOwn) {
    for (Place place : waiting.keySet()) {
      if (!isOwn.test(place.key())) {
        wake(place);
      }
    }
  }

  private void wake(Place place) {
    Set<CompletableFuture<Void>> all = waiting.remove(place);
    if (all != null) {
      all.forEach(written -> written.complete(null));
    }
  }
}
