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
import org.infinispan.remoting.transport.Address;

/**
 * Exchanges cells of partitions that this member owns, at all members that have copies: what comes
 * while messages are under way to these goes together in the next one. Thread-safe.
 */
final class Exchanges {
  private static final Params UNCOUNTED = Params.from(StatisticsMode.SKIP);

  private final Grid grid;
  private final CommandsFactory commands;
  private final InvocationHelper invocation;
  private final DataConversion keys;
  private final DataConversion values;
  private final Exchange exchange = Exchange.begun();
  private volatile Lanes lanes = new Lanes(-1, Map.of());

  /** The lanes of a placement, by the members with copies: one that is slow holds up no others. */
  private record Lanes(int placement, Map<Collection<Address>, Lane> byCopies) {}

  Exchanges(Grid grid) {
    this.grid = grid;
    AdvancedCache<byte[], byte[]> entries = grid.entries();
    commands = ComponentRegistry.componentOf(entries, CommandsFactory.class);
    invocation = ComponentRegistry.componentOf(entries, InvocationHelper.class);
    keys = entries.getKeyDataConversion();
    values = entries.getValueDataConversion();
  }

  /**
   * Makes a swap.
   *
   * @return whether it was made; fails when that is not known
   */
  CompletableFuture<Boolean> add(int partition, byte[] key, Swap swap) {
    return lane(partition).add(new WrappedByteArray(key), swap);
  }

  private Lane lane(int partition) {
    LocalizedCacheTopology placement = grid.topology();
    Lanes known = lanes;
    if (known.placement() != placement.getTopologyId()) {
      known = new Lanes(placement.getTopologyId(), new ConcurrentHashMap<>());
      lanes = known;
    }
    List<Address> copies = List.copyOf(placement.getSegmentDistribution(partition).writeBackups());
    return known.byCopies().computeIfAbsent(copies, none -> new Lane(this::exchange));
  }

  /** Makes swaps of keys; their futures are not touched. */
  private CompletableFuture<Void> exchange(Map<WrappedByteArray, Swap> swaps) {
    if (!grid.isAvailable()) {
      return CompletableFuture.failedFuture(new AvailabilityException());
    }
    ReadWriteManyEntriesCommand<byte[], byte[], Swap, Void> command =
        commands.buildReadWriteManyEntriesCommand(swaps, exchange, UNCOUNTED, keys, values);
    command.addFlags(FlagBitSets.SKIP_REMOTE_LOOKUP);
    return invocation
        .invokeAsync(command, swaps.size())
        .thenAccept(
            done -> {
              if (!grid.isAvailable()) {
                throw new AvailabilityException();
              }
            });
  }
}
