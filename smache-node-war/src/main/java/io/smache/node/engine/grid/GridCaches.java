package io.smache.node.engine.grid;

import io.smache.protocol.PartitionTable;
import org.infinispan.commons.dataconversion.MediaType;
import org.infinispan.configuration.cache.CacheMode;
import org.infinispan.configuration.cache.Configuration;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.configuration.internal.PrivateCacheConfigurationBuilder;
import org.infinispan.conflict.MergePolicy;
import org.infinispan.eviction.EvictionStrategy;
import org.infinispan.partitionhandling.PartitionHandling;

/** How Infinispan keeps what a grid has: bytes, and on which members. */
final class GridCaches {
  /** How long a member waits for others. */
  static final long REMOTE_MILLIS = 1_000;

  private static final long TRANSFER_MILLIS = 120_000;

  private GridCaches() {}

  /**
   * Returns what all members have; who is cut off from most of them neither reads nor writes it.
   */
  static Configuration replicated() {
    return common(CacheMode.REPL_SYNC, PartitionHandling.DENY_READ_WRITES).build();
  }

  /**
   * Returns what is spread over the members; with copies, who is cut off from most of them neither
   * reads nor writes it.
   *
   * @param owners how many members have each partition
   * @param maxBytes the most that one member keeps, as Infinispan counts
   */
  static Configuration distributed(int owners, Placement placement, long maxBytes) {
    PartitionHandling split =
        owners > 1 ? PartitionHandling.DENY_READ_WRITES : PartitionHandling.ALLOW_READ_WRITES;
    ConfigurationBuilder builder = common(CacheMode.DIST_SYNC, split);
    builder
        .clustering()
        .hash()
        .numOwners(owners)
        .numSegments(PartitionTable.PARTITIONS)
        .keyPartitioner(new GridPartitioner());
    builder.addModule(PrivateCacheConfigurationBuilder.class).consistentHashFactory(placement);
    builder.memory().maxSize(Long.toString(maxBytes)).whenFull(EvictionStrategy.REMOVE);
    return builder.build();
  }

  private static ConfigurationBuilder common(CacheMode mode, PartitionHandling split) {
    ConfigurationBuilder builder = new ConfigurationBuilder();
    builder.encoding().mediaType(MediaType.APPLICATION_OCTET_STREAM_TYPE);
    builder.statistics().disable();
    builder.expiration().disableReaper(); // it asks no owner: GridSweep does it
    builder.clustering().cacheMode(mode).remoteTimeout(REMOTE_MILLIS);
    builder.clustering().stateTransfer().timeout(TRANSFER_MILLIS);
    builder
        .clustering()
        .partitionHandling()
        .whenSplit(split)
        .mergePolicy(MergePolicy.NONE); // the part that did not serve takes all from the other
    return builder;
  }
}
