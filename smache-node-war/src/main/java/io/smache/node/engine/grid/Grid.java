package io.smache.node.engine.grid;

import io.smache.protocol.ClusterSecret;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.infinispan.AdvancedCache;
import org.infinispan.commons.dataconversion.MediaType;
import org.infinispan.configuration.cache.CacheMode;
import org.infinispan.configuration.cache.Configuration;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.configuration.global.GlobalConfigurationBuilder;
import org.infinispan.configuration.global.ShutdownHookBehavior;
import org.infinispan.conflict.MergePolicy;
import org.infinispan.distribution.LocalizedCacheTopology;
import org.infinispan.eviction.EvictionStrategy;
import org.infinispan.manager.DefaultCacheManager;
import org.infinispan.partitionhandling.AvailabilityMode;
import org.infinispan.partitionhandling.PartitionHandling;
import org.infinispan.remoting.transport.Address;
import org.infinispan.remoting.transport.jgroups.JGroupsTransport;
import org.jspecify.annotations.Nullable;

/**
 * The embedded Infinispan of this node: its members, and two caches. One has the entries, spread
 * with their copies; the other has what was invalidated, on every member. Thread-safe.
 */
final class Grid {
  private static final Logger LOG = System.getLogger(Grid.class.getName());
  private static final String ENTRIES = "entries";
  private static final String MARKS = "marks";
  private static final long REMOTE_MILLIS = 4_000;
  private static final long LOCK_MILLIS = 2_000;
  private static final long TRANSFER_MILLIS = 120_000;

  private final int port;
  private final GridStack stack;
  private final DefaultCacheManager manager;
  private final AdvancedCache<byte[], byte[]> marks;
  private final AdvancedCache<byte[], byte[]> entries;

  /**
   * Joins the grid of the other members, or begins one; returns when all that belongs here is here.
   *
   * @param cluster names the grid: those of two clusters never mix
   * @param self with the address that the grid listens at
   * @param others addresses of the others
   * @param maxBytes about the most bytes of entries, copies included
   * @throws Exception when the address cannot be listened at, or the others do not let it in
   */
  Grid(
      GridConfig config,
      String cluster,
      Member self,
      Collection<InetSocketAddress> others,
      ClusterSecret secret,
      long maxBytes)
      throws Exception {
    InetSocketAddress address = address(Objects.requireNonNull(self.grid()));
    port = address.getPort();
    stack = new GridStack(address, others, secret);
    GlobalConfigurationBuilder global = GlobalConfigurationBuilder.defaultClusteredBuilder();
    global
        .classLoader(Grid.class.getClassLoader())
        .shutdown()
        .hookBehavior(ShutdownHookBehavior.DONT_REGISTER);
    global.jmx().disable();
    global.metrics().gauges(false).histograms(false);
    global
        .transport()
        .clusterName(cluster)
        .addProperty(JGroupsTransport.CHANNEL_CONFIGURATOR, stack)
        .nodeName(self.name())
        .machineId(self.instance());
    manager = new DefaultCacheManager(global.build());
    marks = open(MARKS, replicated());
    entries = open(ENTRIES, distributed(config, maxBytes));
  }

  private AdvancedCache<byte[], byte[]> open(String name, Configuration configuration) {
    return manager.<byte[], byte[]>createCache(name, configuration).getAdvancedCache();
  }

  private static Configuration replicated() {
    return common(CacheMode.REPL_SYNC, PartitionHandling.DENY_READ_WRITES).build();
  }

  private static Configuration distributed(GridConfig config, long maxBytes) {
    boolean copies = config.backups() > 0;
    PartitionHandling split =
        copies ? PartitionHandling.DENY_READ_WRITES : PartitionHandling.ALLOW_READ_WRITES;
    ConfigurationBuilder builder = common(CacheMode.DIST_SYNC, split);
    builder
        .clustering()
        .hash()
        .numOwners(config.backups() + 1)
        .numSegments(PartitionTable.PARTITIONS)
        .keyPartitioner(new GridPartitioner());
    builder.memory().maxSize(Long.toString(maxBytes)).whenFull(EvictionStrategy.REMOVE);
    return builder.build();
  }

  private static ConfigurationBuilder common(CacheMode mode, PartitionHandling split) {
    ConfigurationBuilder builder = new ConfigurationBuilder();
    builder.encoding().mediaType(MediaType.APPLICATION_OCTET_STREAM_TYPE);
    builder.statistics().disable();
    builder.locking().lockAcquisitionTimeout(LOCK_MILLIS);
    builder.clustering().cacheMode(mode).remoteTimeout(REMOTE_MILLIS);
    builder.clustering().stateTransfer().timeout(TRANSFER_MILLIS);
    builder
        .clustering()
        .partitionHandling()
        .whenSplit(split)
        .mergePolicy(MergePolicy.PREFERRED_NON_NULL);
    return builder;
  }

  /**
   * Returns the address of a text {@code host:port}.
   *
   * @throws NumberFormatException when it is none
   */
  static InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    int port = Integer.parseInt(text, colon + 1, text.length(), 10);
    return new InetSocketAddress(text.substring(0, colon), port);
  }

  /** Returns the entries. */
  AdvancedCache<byte[], byte[]> entries() {
    return entries;
  }

  /** Returns what was invalidated, by the names of caches. */
  AdvancedCache<byte[], byte[]> marks() {
    return marks;
  }

  /** Returns who has which partition. */
  LocalizedCacheTopology topology() {
    return entries.getDistributionManager().getCacheTopology();
  }

  /** Returns the port that is listened at. */
  int port() {
    return port;
  }

  /** Returns how many members the grid has, this one included. */
  int size() {
    return manager.getMembers().size();
  }

  /** Returns whether all members of the table are in the grid. */
  boolean hasAll(PartitionTable table) {
    List<String> instances = manager.getMembers().stream().map(Grid::instance).toList();
    return table.members().stream().map(Member::instance).allMatch(instances::contains);
  }

  /** Returns how many partitions this member is to have and does not have completely yet. */
  int arriving() {
    LocalizedCacheTopology now = topology();
    return now.getLocalWriteSegmentsCount() - now.getLocalReadSegments().size();
  }

  /** Returns whether copies are on their way between members. */
  boolean isMoving() {
    return entries.getDistributionManager().isRehashInProgress();
  }

  /** Returns whether this part of the grid may serve. */
  boolean isAvailable() {
    return entries.getAvailability() == AvailabilityMode.AVAILABLE;
  }

  /** Returns the member at an address, null when the table does not have it. */
  static @Nullable Member member(Address address, PartitionTable table) {
    return table.process(instance(address)).orElse(null);
  }

  private static String instance(Address address) {
    return String.valueOf(address.getMachineId());
  }

  /** Sets where other members are looked for from now on. */
  void look(Collection<InetSocketAddress> others) {
    stack.look(others);
  }

  /** Leaves the grid. */
  void stop() {
    try {
      manager.close();
    } catch (Exception e) {
      LOG.log(Level.WARNING, "the grid did not stop in order", e);
    }
  }
}
