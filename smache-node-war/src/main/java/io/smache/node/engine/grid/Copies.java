package io.smache.node.engine.grid;

import java.util.Map;
import org.infinispan.commons.marshall.WrappedByteArray;
import org.infinispan.configuration.cache.Configuration;
import org.infinispan.container.entries.ReadCommittedEntry;
import org.infinispan.container.impl.InternalDataContainer;
import org.infinispan.context.impl.ImmutableContext;
import org.infinispan.distribution.DistributionInfo;
import org.infinispan.distribution.DistributionManager;
import org.infinispan.distribution.LocalizedCacheTopology;
import org.infinispan.factories.ComponentRegistry;
import org.infinispan.metadata.EmbeddedMetadata;
import org.infinispan.statetransfer.CommitManager;
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
    Configuration configuration = cache.getComponent(Configuration.class);
    decisions = new Decisions(configuration.clustering().hash().numSegments());
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
   * @throws IllegalStateException when the members have changed since: others may have copies now
   */
  void keep(Decision decision) {
    placementLock.acquireSharedTopologyLock();
    try {
      LocalizedCacheTopology now = placement.getCacheTopology();
      if (now.getTopologyId() != decision.placement()) {
        throw new IllegalStateException("members have changed since it was decided");
      }
      decision
          .cells()
          .forEach((key, next) -> commit(now.getSegment(key), key, next, decision.number()));
    } finally {
      placementLock.releaseSharedTopologyLock();
    }
  }

  /**
   * Does at a copy what the owner has decided.
   *
   * @throws IllegalStateException when this member does not know the owner yet, has become the
   *     owner meanwhile, is to have no copy, or has done a later decision already
   */
  void follow(Decision decision) {
    placementLock.acquireSharedTopologyLock();
    try {
      LocalizedCacheTopology now = placement.getCacheTopology();
      if (now == null || now.getTopologyId() < decision.placement()) {
        throw new IllegalStateException("this member does not know the owner yet");
      }
      decision.cells().forEach((key, next) -> follow(now, key, next, decision.number()));
    } finally {
      placementLock.releaseSharedTopologyLock();
    }
  }

  private void follow(
      LocalizedCacheTopology now, WrappedByteArray key, byte @Nullable [] next, long number) {
    int partition = now.getSegment(key);
    DistributionInfo holders = now.getSegmentDistribution(partition);
    if (holders.isPrimary() || !holders.isWriteOwner()) {
      throw new IllegalStateException("this member is the owner now, or is to have no copy");
    }
    commit(partition, key, next, number);
  }

  /** Infinispan by itself would keep any of two that come at once. */
  private void commit(int partition, WrappedByteArray key, byte @Nullable [] next, long number) {
    if (!decisions.follow(partition, key, number, () -> put(partition, key, next))) {
      throw new IllegalStateException("a later decision about the key is done already");
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // in memory, done when it returns
  private void put(int partition, WrappedByteArray key, byte @Nullable [] next) {
    WrappedByteArray cell = next == null ? null : new WrappedByteArray(next);
    ReadCommittedEntry<Object, Object> entry =
        new ReadCommittedEntry<>(key, cell, EmbeddedMetadata.EMPTY);
    entry.setChanged(true);
    entry.setRemoved(next == null);
    commits.commit(entry, null, partition, false, ImmutableContext.INSTANCE);
  }
}
