package io.smache.node.engine.grid;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.infinispan.AdvancedCache;
import org.infinispan.cache.impl.InvocationHelper;
import org.infinispan.commands.CommandsFactory;
import org.infinispan.commands.functional.ReadWriteManyEntriesCommand;
import org.infinispan.commons.marshall.WrappedByteArray;
import org.infinispan.context.impl.FlagBitSets;
import org.infinispan.distribution.LocalizedCacheTopology;
import org.infinispan.encoding.DataConversion;
import org.infinispan.factories.ComponentRegistry;
import org.infinispan.functional.Param.StatisticsMode;
import org.infinispan.functional.impl.Params;
import org.infinispan.partitionhandling.AvailabilityException;
import org.infinispan.partitionhandling.AvailabilityMode;
import org.infinispan.remoting.transport.Address;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges cells at their owners, and at all members that have copies. Of partitions that this
 * member owns, what comes while a message to these is under way goes together in the next one.
 * Nothing of a grid is written in another way. Thread-safe.
 */
final class Exchanges {
  private static final Params UNCOUNTED = Params.from(StatisticsMode.SKIP);

  private final AdvancedCache<byte[], byte[]> cache;
  private final CommandsFactory commands;
  private final InvocationHelper invocation;
  private final DataConversion keys;
  private final DataConversion values;
  private final Map<String, Copies> copies;
  private volatile Lanes lanes = new Lanes(-1, Map.of());

  /** The lanes of a placement, by the members with copies: one that is slow holds up no others. */
  private record Lanes(int placement, Map<Collection<Address>, Lane> byCopies) {}

  /** Takes the cache, and what this member has, by the names of caches. */
  Exchanges(AdvancedCache<byte[], byte[]> cache, Map<String, Copies> copies) {
    this.cache = cache;
    this.copies = copies;
    commands = ComponentRegistry.componentOf(cache, CommandsFactory.class);
    invocation = ComponentRegistry.componentOf(cache, InvocationHelper.class);
    keys = cache.getKeyDataConversion();
    values = cache.getValueDataConversion();
  }

  /**
   * Makes a swap of a partition that this member owns.
   *
   * @return what the owner has if it refused, {@link Swap#NOTHING} for no cell; null if it did not;
   *     fails when it is not known what became of it
   */
  CompletableFuture<byte @Nullable []> add(int partition, byte[] key, Swap swap) {
    return lane(partition).add(new WrappedByteArray(key), swap);
  }

  /** Makes a swap wherever its owner is; as {@link #add}. */
  CompletableFuture<byte @Nullable []> ask(byte[] key, Swap swap) {
    return exchange(Map.of(new WrappedByteArray(key), swap)).thenApply(found -> found.get(0));
  }

  private Lane lane(int partition) {
    LocalizedCacheTopology placement = cache.getDistributionManager().getCacheTopology();
    Lanes known = lanes;
    if (known.placement() != placement.getTopologyId()) {
      known = new Lanes(placement.getTopologyId(), new ConcurrentHashMap<>());
      lanes = known;
    }
    List<Address> copies = List.copyOf(placement.getSegmentDistribution(partition).writeBackups());
    return known.byCopies().computeIfAbsent(copies, none -> new Lane(this::exchange));
  }

  /**
   * Makes swaps of keys; returns what the owners have where they refused. Fails with {@link
   * AvailabilityException} only when nothing was sent.
   */
  private CompletableFuture<List<byte @Nullable []>> exchange(Map<WrappedByteArray, Swap> swaps) {
    if (!isAvailable()) {
      return CompletableFuture.failedFuture(new AvailabilityException());
    }
    ReadWriteManyEntriesCommand<byte[], byte[], Swap, byte @Nullable []> command =
        commands.buildReadWriteManyEntriesCommand(
            swaps, new Exchange(copies), UNCOUNTED, keys, values);
    command.addFlags(FlagBitSets.SKIP_REMOTE_LOOKUP);
    return invocation
        .<@Nullable List<byte @Nullable []>>invokeAsync(command, swaps.size())
        .thenApply(this::checked);
  }

  /** A cache that is being closed returns null for what has failed. */
  private List<byte @Nullable []> checked(@Nullable List<byte @Nullable []> found) {
    if (!isAvailable()) {
      throw new IllegalStateException("not all members have it: the grid has fallen apart");
    }
    if (found == null) {
      throw new IllegalStateException("the grid is being closed");
    }
    return found;
  }

  private boolean isAvailable() {
    return cache.getAvailability() == AvailabilityMode.AVAILABLE;
  }
}
