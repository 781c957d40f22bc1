package io.smache.node.engine.grid;

import org.infinispan.commons.marshall.WrappedByteArray;
import org.infinispan.container.entries.ReadCommittedEntry;
import org.infinispan.context.impl.ImmutableContext;
import org.infinispan.distribution.DistributionManager;
import org.infinispan.distribution.LocalizedCacheTopology;
import org.infinispan.factories.ComponentRegistry;
import org.infinispan.functional.EntryView.ReadWriteEntryView;
import org.infinispan.metadata.EmbeddedMetadata;
import org.infinispan.metadata.Metadata;
import org.infinispan.statetransfer.CommitManager;
import org.infinispan.statetransfer.OutdatedTopologyException;
import org.infinispan.statetransfer.StateTransferLock;

/**
 * What this member has of a cache: as the owner it decides about swaps, and tells members with
 * copies what it has decided; these do it whatever they have, in the order of the decisions, so
 * that copies are alike. Nobody else decides: a member that is not the owner any more, or has
 * become it meanwhile, refuses the whole message. Thread-safe.
 */
final class Copies {
  private final DistributionManager placement;
  private final StateTransferLock placementLock;
  private final CommitManager commits;
  private final Decisions decisions;

  Copies(ComponentRegistry cache) {
    placement = cache.getDistributionManager();
    placementLock = cache.getComponent(StateTransferLock.class);
    commits = cache.getComponent(CommitManager.class);
    decisions = new Decisions(placement.getCacheTopology().getNumSegments());
  }

  /**
   * Returns the number of a message with decisions of this member; to be called under its locks.
   */
  long nextNumber() {
    return decisions.next(placement.getCacheTopology().getTopologyId());
  }

  /**
   * Decides about a swap as the owner.
   *
   * @throws OutdatedTopologyException when another member is the owner: Infinispan asks that one
   * @throws IllegalStateException as {@link Swap#decide} does
   */
  void decide(
      WrappedByteArray key, Swap swap, ReadWriteEntryView<byte[], byte[]> entry, long number) {
    LocalizedCacheTopology now = placement.getCacheTopology();
    if (!now.getSegmentDistribution(now.getSegment(key)).isPrimary()) {
      throw OutdatedTopologyException.RETRY_NEXT_TOPOLOGY;
    }
    swap.decide(entry.find().orElse(null), number);
    byte[] next = swap.next();
    if (swap.isRefused()) {
      return;
    }
    if (next == null) {
      entry.remove();
    } else {
      entry.set(next, kept(swap.keep()));
    }
  }

  /**
   * Does what the owner has decided. Infinispan must not: of two messages that run at once, it
   * could keep what the first one says.
   *
   * @throws IllegalStateException when this member has become the owner meanwhile, or has done a
   *     later decision already
   * @throws OutdatedTopologyException when it is to have no copy: Infinispan asks who is to
   */
  void follow(WrappedByteArray key, Swap swap) {
    if (swap.isRefused()) {
      return;
    }
    placementLock.acquireSharedTopologyLock();
    try {
      LocalizedCacheTopology now = placement.getCacheTopology();
      int partition = now.getSegment(key);
      if (now.getSegmentDistribution(partition).isPrimary()) {
        throw new IllegalStateException("the partition has moved to this member");
      }
      if (!now.isSegmentWriteOwner(partition)) {
        throw OutdatedTopologyException.RETRY_NEXT_TOPOLOGY;
      }
      if (!decisions.follow(partition, key, swap.number(), () -> commit(partition, key, swap))) {
        throw new IllegalStateException("a later decision about the key is done already");
      }
    } finally {
      placementLock.releaseSharedTopologyLock();
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // in memory, done when it returns
  private void commit(int partition, WrappedByteArray key, Swap swap) {
    byte[] next = swap.next();
    WrappedByteArray cell = next == null ? null : new WrappedByteArray(next);
    ReadCommittedEntry<Object, Object> entry =
        new ReadCommittedEntry<>(key, cell, kept(swap.keep()));
    entry.setChanged(true);
    entry.setRemoved(next == null);
    commits.commit(entry, null, partition, false, ImmutableContext.INSTANCE);
  }

  private static Metadata kept(long millis) {
    return millis < 0
        ? EmbeddedMetadata.EMPTY
        : new EmbeddedMetadata.Builder().lifespan(millis).build();
  }
}
