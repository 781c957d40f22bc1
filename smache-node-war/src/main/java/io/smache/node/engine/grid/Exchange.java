package io.smache.node.engine.grid;

import java.util.Objects;
import java.util.function.BiFunction;
import org.infinispan.commands.functional.functions.InjectableComponent;
import org.infinispan.distribution.DistributionManager;
import org.infinispan.factories.ComponentRegistry;
import org.infinispan.functional.EntryView.ReadWriteEntryView;
import org.infinispan.metadata.EmbeddedMetadata;
import org.infinispan.metadata.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * Makes swaps. The owner that began the exchange decides, and tells members with copies what it has
 * decided: these do it whatever they have, so that copies are alike. Nobody else decides: a member
 * that has become the owner meanwhile refuses the whole exchange. Thread-safe.
 */
final class Exchange
    implements BiFunction<Swap, ReadWriteEntryView<byte[], byte[]>, @Nullable Void>,
        InjectableComponent {
  private final boolean begun;
  private volatile @Nullable DistributionManager placement;

  private Exchange(boolean begun) {
    this.begun = begun;
  }

  /** Returns what decides. */
  static Exchange begun() {
    return new Exchange(true);
  }

  /** Returns what does as another member has decided. */
  static Exchange sent() {
    return new Exchange(false);
  }

  @Override
  public void inject(ComponentRegistry registry) {
    placement = registry.getDistributionManager();
  }

  @Override
  public @Nullable Void apply(Swap swap, ReadWriteEntryView<byte[], byte[]> entry) {
    if (begun) {
      swap.decide(entry.find().orElse(null));
    } else if (isOwned(GridKey.partition(entry.key()))) {
      throw new IllegalStateException("the partition has moved to this member");
    }
    byte[] next = swap.next();
    if (swap.isRefused()) {
      return null;
    }
    if (next == null) {
      entry.remove();
    } else {
      entry.set(next, kept(swap.keep()));
    }
    return null;
  }

  private static Metadata kept(long millis) {
    return millis < 0
        ? EmbeddedMetadata.EMPTY
        : new EmbeddedMetadata.Builder().lifespan(millis).build();
  }

  private boolean isOwned(int partition) {
    return Objects.requireNonNull(placement)
        .getCacheTopology()
        .getSegmentDistribution(partition)
        .isPrimary();
  }
}
