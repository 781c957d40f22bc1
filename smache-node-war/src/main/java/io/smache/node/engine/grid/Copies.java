package io.smache.node.engine.grid;

import java.util.Map;
import org.infinispan.commons.marshall.WrappedByteArray;
import org.infinispan.container.entries.ReadCommittedEntry;
import org.infinispan.container.impl.InternalDataContainer;
import org.infinispan.context.impl.ImmutableContext;
import org.infinispan.distribution.DistributionInfo;
import org.infinispan.distribution.DistributionManager;
import org.infinispan.distribution.LocalizedCacheTopology;
import org.infinispan.factories.ComponentRegistry;
import org.infinispan.metadata.EmbeddedMetadata;
import org.infinispan.statetransfer.CommitManager;
import org.infinispan.statetransfer.OutdatedTopologyException;
import org.infinispan.statetransfer.StateTransferLock;
import org.jspecify.annotations.Nullable;

/**
 * What this member has of a cache, as its owner or as copies. It changes in the order of owners'
 * decisions, whatever is there, so that copies are alike, and only while the members are the ones
 * that a decision was made by. Thread-safe.
 */
final class Copies {
  private final DistributionManager placement;
  private final StateTransferLock placementLock;
  private final CommitManager commits;
  private final InternalDataContainer<Object, Object> here;
  private final Decisions decisions;

  @SuppressWarnings("unchecked") // how the container wraps bytes is its own
  private Copies(ComponentRegistry cache) {
    placement = cache.getDistributionManager();
    placementLock = cache.getComponent(StateTransferLock.class);
    commits = cache.getComponent(CommitManager.class);
    here = cache.getComponent(InternalDataContainer.class);
    decisions = new Decisions(placement.getCacheTopology().getNumSegments());
  }

  /**
   * Returns what this member has of a cache.
   *
   * @param known by the names of caches; what is missing is added
   */
  static Copies of(ComponentRegistry cache, Map<String, Copies> known) {
    return known.computeIfAbsent(cache.getCacheName(), name -> new Copies(cache));
  }

  /** Returns the number of what this member decides now, as the owner in this placement. */
  long nextNumber(LocalizedCacheTopology now) {
    return decisions.next(now.getTopologyId());
  }

  /** Returns the cell that is here, null for none. */
  byte @Nullable [] cell(int partition, WrappedByteArray key) {
    return GridBytes.peek(here, partition, key);
  }

  /**
   * Does at the owner what it has decided, once all that have copies have done it.
   *
   * @param decided by which placement it was the owner
   * @throws IllegalStateException when the members have changed since: others may have copies now
   */
  void keep(Map<WrappedByteArray, Decision> some, LocalizedCacheTopology decided) {
    placementLock.acquireSharedTopologyLock();
    try {
      LocalizedCacheTopology now = placement.getCacheTopology();
      if (now.getTopologyId() != decided.getTopologyId()) {
        throw new IllegalStateException("members have changed since it was decided");
      }
      some.forEach((key, each) -> commit(now.getSegment(key), key, each));
    } finally {
      placementLock.releaseSharedTopologyLock();
    }
  }

  /**
   * Does at a copy what the owner has decided.
   *
   * @throws IllegalStateException when this member has become the owner meanwhile, or has done a
   *     later decision already
   * @throws OutdatedTopologyException when it is to have no copy
   */
  void follow(WrappedByteArray key, Decision decision) {
    placementLock.acquireSharedTopologyLock();
    try {
      LocalizedCacheTopology now = placement.getCacheTopology();
      int partition = now.getSegment(key);
      DistributionInfo holders = now.getSegmentDistribution(partition);
      if (holders.isPrimary()) {
        throw new IllegalStateException("the partition has moved to this member");
      }
      if (!holders.isWriteOwner()) {
        throw OutdatedTopologyException.RETRY_NEXT_TOPOLOGY;
      }
      commit(partition, key, decision);
    } finally {
      placementLock.releaseSharedTopologyLock();
    }
  }

  /** Infinispan by itself would keep any of two that come at once. */
  private void commit(int partition, WrappedByteArray key, Decision decision) {
    if (!decisions.follow(partition, key, decision.number(), () -> put(partition, key, decision))) {
      throw new IllegalStateException("a later decision about the key is done already");
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // in memory, done when it returns
  private void put(int partition, WrappedByteArray key, Decision decision) {
    byte[] next = decision.next();
    WrappedByteArray cell = next == null ? null : new WrappedByteArray(next);
    ReadCommittedEntry<Object, Object> entry =
        new ReadCommittedEntry<>(key, cell, EmbeddedMetadata.EMPTY);
    entry.setChanged(true);
    entry.setRemoved(next == null);
    commits.commit(entry, null, partition, false, ImmutableContext.INSTANCE);
  }
}
