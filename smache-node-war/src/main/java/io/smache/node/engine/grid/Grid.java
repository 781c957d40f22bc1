package io.smache.node.engine.grid;

import io.smache.protocol.ClusterSecret;
import io.smache.protocol.Member;
import io.smache.protocol.MemberGrid;
import io.smache.protocol.PartitionTable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.infinispan.AdvancedCache;
import org.infinispan.configuration.cache.Configuration;
import org.infinispan.configuration.global.GlobalConfigurationBuilder;
import org.infinispan.configuration.global.ShutdownHookBehavior;
import org.infinispan.distribution.LocalizedCacheTopology;
import org.infinispan.factories.GlobalComponentRegistry;
import org.infinispan.manager.DefaultCacheManager;
import org.infinispan.partitionhandling.AvailabilityMode;
import org.infinispan.remoting.transport.Address;
import org.infinispan.remoting.transport.jgroups.JGroupsTransport;
import org.infinispan.topology.ClusterTopologyManager;
import org.jspecify.annotations.Nullable;

/**
 * The embedded Infinispan of this node: its members, and two caches. One has the entries, spread
 * with their copies; the other has what was invalidated, on every member. Thread-safe.
 */
final class Grid {
  private static final Logger LOG = System.getLogger(Grid.class.getName());
  private static final String ENTRIES = "entries";
  private static final String MARKS = "marks";

  private final GridStack stack;
  private final DefaultCacheManager manager;
  private final AdvancedCache<byte[], byte[]> marks;
  private final AdvancedCache<byte[], byte[]> entries;
  private final Placement placement = new Placement();
  private final Map<String, Copies> copies = new ConcurrentHashMap<>();
  private final Map<String, Exchanges> exchanges = new ConcurrentHashMap<>();
  private final int owners;

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
      String cluster,
      Member self,
      Collection<InetSocketAddress> others,
      ClusterSecret secret,
      long maxBytes)
      throws Exception {
    MemberGrid own = Objects.requireNonNull(self.grid());
    InetSocketAddress address = address(own.address());
    owners = own.backups() + 1;
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
    global.serialization().addContextInitializer(new GridContext(placement, copies, exchanges));
    manager = new DefaultCacheManager(global.build());
    try {
      marks = open(MARKS, GridCaches.replicated());
      entries = open(ENTRIES, GridCaches.distributed(owners, placement, maxBytes));
    } catch (RuntimeException e) {
      stop(); // else its port stays taken
      throw e;
    }
    for (AdvancedCache<byte[], byte[]> each : List.of(marks, entries)) {
      exchanges(each);
      each.addListener(new Absence(GridBytes.container(each), manager.getAddress()));
    }
  }

  private AdvancedCache<byte[], byte[]> open(String name, Configuration configuration) {
    return manager.<byte[], byte[]>createCache(name, configuration).getAdvancedCache();
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

  /** Returns what exchanges cells of one of the two. */
  Exchanges exchanges(AdvancedCache<byte[], byte[]> cache) {
    return exchanges.computeIfAbsent(
        cache.getName(), name -> new Exchanges(cache, copies, exchanges));
  }

  /** Calls somebody with each key of an entry that is evicted at this member. */
  void onEviction(Consumer<byte[]> evicted) {
    entries.addListener(new Evictions(evicted));
  }

  /** Returns who has which partition. */
  LocalizedCacheTopology topology() {
    return entries.getDistributionManager().getCacheTopology();
  }

  /** Returns how many members the grid has, this one included. */
  int size() {
    return manager.getMembers().size();
  }

  /** Returns the members of the table that are not in the grid. */
  List<Member> missing(PartitionTable table) {
    List<String> instances = manager.getMembers().stream().map(Grid::instance).toList();
    return table.members().stream().filter(each -> !instances.contains(each.instance())).toList();
  }

  /**
   * Returns how many partitions this member is to have and does not have completely yet, or has
   * with fewer copies than there are to be.
   */
  int arriving() {
    LocalizedCacheTopology now = topology();
    int copies = Math.min(owners, now.getMembers().size() - placement.leaving(now.getMembers()));
    int missing = now.getLocalWriteSegmentsCount() - now.getLocalReadSegments().size();
    for (int segment : now.getLocalPrimarySegments()) {
      missing += now.getSegmentDistribution(segment).readOwners().size() < copies ? 1 : 0;
    }
    return missing;
  }

  /** Returns how many partitions this member still has while it is to leave. */
  int leaving() {
    LocalizedCacheTopology now = topology();
    return placement.leaving(List.of(now.getLocalAddress())) == 0
        ? 0
        : now.getLocalWriteSegmentsCount();
  }

  /** Returns how many partitions a member owns. */
  int partitionsOf(Member member) {
    LocalizedCacheTopology now = topology();
    return now.getMembers().stream()
        .filter(each -> instance(each).equals(member.instance()))
        .mapToInt(each -> now.getCurrentCH().getPrimarySegmentsForOwner(each).size())
        .sum();
  }

  /**
   * Lets members give what they have to the others, before they leave.
   *
   * @param instances of all that are to leave
   */
  @SuppressWarnings("FutureReturnValueIgnored") // the next table asks again
  void drain(Set<String> instances) {
    if (placement.drain(instances) && manager.isCoordinator()) {
      GlobalComponentRegistry.componentOf(manager, ClusterTopologyManager.class)
          .forceRebalance(ENTRIES);
    }
  }

  /** Returns the names of the members of the table that are in the grid. */
  Set<String> present(PartitionTable table) {
    List<Member> missing = missing(table);
    return table.members().stream()
        .filter(each -> !missing.contains(each))
        .map(Member::name)
        .collect(Collectors.toSet());
  }

  /** Lets this part of the grid serve: the caller knows that there is no other. */
  void serve() {
    if (manager.isCoordinator()) {
      marks.setAvailability(AvailabilityMode.AVAILABLE);
      entries.setAvailability(AvailabilityMode.AVAILABLE);
    }
  }

  /** Returns whether this part of the grid may serve. */
  boolean isAvailable() {
    return entries.getAvailability() == AvailabilityMode.AVAILABLE;
  }

  /** Returns the member at an address, null when the table does not have it. */
  static @Nullable Member member(Address address, PartitionTable table) {
    return table.process(instance(address)).orElse(null);
  }

  static String instance(Address address) {
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
