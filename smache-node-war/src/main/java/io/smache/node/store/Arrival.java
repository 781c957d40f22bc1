package io.smache.node.store;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A partition, in one shard, that its old owner has not handed over as a whole yet. Until then a
 * key that is neither here nor settled is asked for. A settled key is decided by its new owner: no
 * older entry of it that arrives later counts.
 */
final class Arrival {
  private final long since;
  private final Set<Place> settled = ConcurrentHashMap.newKeySet();

  /** An arrival in the partition's epoch of that number. */
  Arrival(long since) {
    this.since = since;
  }

  long since() {
    return since;
  }

  boolean isSettled(Place place) {
    return settled.contains(place);
  }

  /** Guarded by the lock of the shard. */
  void settle(Place place) {
    settled.add(place);
  }
}
