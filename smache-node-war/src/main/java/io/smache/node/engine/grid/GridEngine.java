package io.smache.node.engine.grid;

import io.smache.node.cluster.ClusterConfig;
import io.smache.node.cluster.Membership;
import io.smache.node.cluster.Route;
import io.smache.node.engine.Bounded;
import io.smache.node.engine.Engine;
import io.smache.node.engine.Waiting;
import io.smache.node.runtime.NodeScoped;
import io.smache.node.store.CacheStatistics;
import io.smache.node.store.Caches;
import io.smache.node.store.Command;
import io.smache.node.store.EntryId;
import io.smache.node.store.Get;
import io.smache.node.store.Listed;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import io.smache.protocol.settings.SettingException;
import io.smache.protocol.settings.Settings;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrentAccessException;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.infinispan.distribution.DistributionInfo;
import org.jspecify.annotations.Nullable;

/**
 * Entries in a grid of all members of the cluster. It starts when the node has its first table, and
 * serves when it has met all members of a table: those that start together may have begun several
 * grids, which become one. Thread-safe.
 */
@NodeScoped
@Typed(GridEngine.class)
public class GridEngine implements Engine {
  private static final Logger LOG = System.getLogger(GridEngine.class.getName());
  private static final String NOT_STARTED = "the grid of this node has not started yet";
  private static final long PAUSE_MILLIS = 50;

  /** Another member may have written what somebody waits for here. */
  private static final Duration WAIT = Duration.ofMillis(500);

  @Resource ManagedThreadFactory threads;

  private final ClusterConfig cluster;
  private final Membership membership;
  private final Caches caches;
  private final Waiting waiting;
  private volatile @Nullable GridConfig config;
  private volatile @Nullable Running running;
  private volatile boolean complete;
  private boolean starting;
  private boolean stopped;

  /** A grid, and what executes operations in it. */
  private record Running(Grid grid, Operations operations) {}

  /**
   * Takes what knows the members.
   *
   * @param executor reads again for those who wait for values
   */
  @Inject
  public GridEngine(
      ClusterConfig cluster, Membership membership, Caches caches, ExecutorService executor) {
    this.cluster = cluster;
    this.membership = membership;
    this.caches = caches;
    waiting = new Waiting(executor, WAIT);
  }

  @Override
  public String description() {
    return "grid at %s, %d backups"
        .formatted(cluster.self().grid(), Objects.requireNonNull(config).backups());
  }

  @Override
  public void start() {
    if (cluster.isLone()) {
      throw new SettingException(
          "SMACHE_ENGINE is grid, but UPLINK_URL is not set: a grid finds its members by uplink");
    }
    config = GridConfig.of(Settings.ofApplication());
    membership.counting(this::arriving, () -> 0);
  }

  @Override
  public void stop() {
    Running ending;
    synchronized (this) {
      stopped = true;
      ending = running;
      running = null;
    }
    if (ending != null) {
      ending.grid().stop();
    }
  }

  /** Starts at the first table, on a thread of its own: a grid waits for others. */
  @Override
  public void follow(PartitionTable table) {
    GridConfig known = config;
    if (known == null || !table.has(cluster.self())) {
      return;
    }
    List<InetSocketAddress> others = others(table);
    Running now;
    synchronized (this) {
      now = running;
      if (now == null && !starting && !stopped) {
        starting = true;
        threads.newThread(() -> begin(known, table.clusterId(), others)).start();
      }
    }
    if (now != null) {
      now.grid().look(others);
    }
    waiting.wakeUnless(id -> false);
  }

  private List<InetSocketAddress> others(PartitionTable table) {
    return table.members().stream()
        .filter(member -> !member.isSameProcess(cluster.self()))
        .flatMap(member -> Optional.ofNullable(member.grid()).stream())
        .map(Grid::address)
        .toList();
  }

  private void begin(GridConfig known, String clusterId, List<InetSocketAddress> others) {
    try {
      Grid grid =
          new Grid(known, clusterId, cluster.self(), others, cluster.secret(), caches.maxBytes());
      if (isKept(new Running(grid, new Operations(grid, caches, waiting)))) {
        membership.table().ifPresent(table -> grid.look(others(table)));
        LOG.log(Level.INFO, "the grid is open, with {0} members", Integer.toString(grid.size()));
      } else {
        grid.stop();
      }
    } catch (Exception e) {
      LOG.log(
          Level.ERROR,
          "the grid of this node cannot start at " + cluster.self().grid() + "; is the port free?",
          e);
      forget();
    }
  }

  /** Returns whether the grid is used from now on: not when the node has stopped meanwhile. */
  private synchronized boolean isKept(Running begun) {
    running = stopped ? null : begun;
    return !stopped;
  }

  /** Lets the next table try again. */
  private synchronized void forget() {
    starting = false;
  }

  /** All partitions until the grid is open, then those whose copies are on their way here. */
  private int arriving() {
    Running now = running;
    return now == null ? PartitionTable.PARTITIONS : now.grid().arriving();
  }

  @Override
  public Optional<String> trouble() {
    Running now = running;
    return Optional.ofNullable(now == null ? NOT_STARTED : trouble(now.grid()));
  }

  private @Nullable String trouble(Grid grid) {
    if (!complete && !meetsAll(grid)) {
      return "the grid of this node has not met all members yet";
    }
    if (!grid.isAvailable()) {
      return "this node is cut off from most of the grid";
    }
    int minimum = Objects.requireNonNull(config).minimum();
    return grid.size() < minimum
        ? "the grid has %d members, and SMACHE_GRID_MINIMUM asks for %d"
            .formatted(grid.size(), minimum)
        : null;
  }

  private boolean meetsAll(Grid grid) {
    PartitionTable table = membership.table().orElse(null);
    if (table != null) {
      Optional<Member> other =
          table.members().stream().filter(member -> member.grid() == null).findFirst();
      other.ifPresent(
          member ->
              LOG.log(
                  Level.WARNING,
                  "the member {0} keeps its entries in shards; set SMACHE_ENGINE to grid there, or"
                      + " to shards here",
                  member.name()));
      complete = other.isEmpty() && grid.hasAll(table);
    }
    return complete;
  }

  /** A read on its own goes to any copy; what changes something, or waits, to the owner. */
  @Override
  public Route route(Operation operation, boolean ordered) {
    Running now = running;
    PartitionTable table = membership.table().orElse(null);
    if (now == null || table == null) {
      return new Route.Here();
    }
    DistributionInfo holders =
        now.grid().topology().getSegmentDistribution(operation.key().partition());
    boolean anywhere = !ordered && Operations.isPlain(operation);
    if (holders.isPrimary() || (anywhere && holders.isReadOwner())) {
      return new Route.Here();
    }
    Member owner = holders.primary() == null ? null : Grid.member(holders.primary(), table);
    return owner == null ? new Route.Here() : new Route.There(owner, epoch());
  }

  @Override
  public long epoch() {
    Running now = running;
    return now == null ? 0 : now.grid().topology().getTopologyId();
  }

  @Override
  public CompletableFuture<?> newerThan(long epoch) {
    return new CompletableFuture<@Nullable Void>()
        .completeOnTimeout(null, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public CompletableFuture<Outcome> perform(Operation operation) {
    Running now = running;
    String trouble = now == null ? NOT_STARTED : trouble(now.grid());
    return now == null || trouble != null
        ? CompletableFuture.completedFuture(new Outcome.Unavailable(String.valueOf(trouble)))
        : now.operations().perform(operation);
  }

  @Override
  public CompletableFuture<List<Outcome>> performAll(List<Operation> operations) {
    return performAll(operations, Bounded.TOO_MUCH);
  }

  @Override
  public CompletableFuture<List<Outcome>> performNow(List<Operation> operations) {
    return performAll(operations, new Outcome.Later());
  }

  private CompletableFuture<List<Outcome>> performAll(List<Operation> operations, Outcome tooMuch) {
    Set<EntryId> written = new HashSet<>();
    List<CompletableFuture<Outcome>> outcomes = new ArrayList<>(operations.size());
    for (Operation each : operations) {
      if (each instanceof Get get) {
        outcomes.add(written.contains(get.id()) ? performInOrder(get) : perform(get.waitingFor(0)));
      } else {
        written.add(each.id());
        outcomes.add(perform(each));
      }
    }
    return CompletableFuture.allOf(outcomes.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            done ->
                Bounded.of(
                    operations, outcomes.stream().map(CompletableFuture::join).toList(), tooMuch));
  }

  /** Reads behind the writes of the key that are under way. */
  private CompletableFuture<Outcome> performInOrder(Get get) {
    Running now = running;
    return now == null ? perform(get) : now.operations().readInOrder(get);
  }

  @Override
  public Command.@Nullable PushChunks given(Operation operation, Member owner) {
    return null;
  }

  @Override
  public void invalidate(Command.Invalidate invalidate) {
    running().operations().invalidate(invalidate);
  }

  private Running running() {
    Running now = running;
    String trouble = now == null ? NOT_STARTED : trouble(now.grid());
    if (now == null || trouble != null) {
      throw new ConcurrentAccessException(trouble);
    }
    return now;
  }

  @Override
  public List<Listed> page(Command.Page page) {
    return running().operations().pages().page(page);
  }

  @Override
  public Size size() {
    Running now = running;
    return now == null ? new Size(0, 0) : now.operations().size();
  }

  @Override
  public List<CacheStatistics> statistics() {
    Running now = running;
    return now == null ? caches.statistics() : now.operations().pages().statistics();
  }

  @Override
  public void reclaim() {
    caches.reclaim();
  }

  @Override
  public List<String> holders(int partition) {
    Running now = running;
    PartitionTable table = membership.table().orElse(null);
    if (now == null || table == null) {
      return List.of();
    }
    return now.grid().topology().getSegmentDistribution(partition).readOwners().stream()
        .flatMap(address -> Optional.ofNullable(Grid.member(address, table)).stream())
        .map(Member::name)
        .toList();
  }
}
