package io.smache.node.store;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A partition of one shard whose source has not handed it over completely. Until then, a key that
 * is neither here nor settled is fetched. A settled key belongs to its new owner alone: entries of
 * it that arrive later are ignored.
 */
final class InboundTransfer {
  private final long since;
  private final Set<EntryId> settled = ConcurrentHashMap.newKeySet();

  /** A transfer of the partition that began in the given epoch. */
  InboundTransfer(long since) {
    this.since = since;
  }

  long since() {
    return since;
  }

  boolean isSettled(EntryId id) {
    return settled.contains(id);
  }

  /** Guarded by the lock of the shard. */
  void settle(EntryId id) {
    settled.add(id);
  }
}
