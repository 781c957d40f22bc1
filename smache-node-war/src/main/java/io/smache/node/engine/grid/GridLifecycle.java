package io.smache.node.engine.grid;

import io.smache.node.cluster.ClusterConfig;
import io.smache.node.cluster.Membership;
import io.smache.node.engine.Waiting;
import io.smache.node.runtime.NodeScoped;
import io.smache.node.store.Caches;
import io.smache.protocol.Member;
import io.smache.protocol.MemberGrid;
import io.smache.protocol.PartitionTable;
import io.smache.protocol.settings.SettingException;
import io.smache.protocol.settings.Settings;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The part of this node in a grid. It joins when the node has its first table, serves when it has
 * met all members of a table — those that start together may have begun several grids, which become
 * one — and leaves when the node was drained. Thread-safe.
 */
@NodeScoped
public class GridLifecycle {
  private static final Logger LOG = System.getLogger(GridLifecycle.class.getName());
  private static final String NOT_STARTED = "the grid of this node has not started yet";

  /** Another member may have written what somebody waits for here. */
  private static final Duration WAIT = Duration.ofMillis(500);

  @Resource ManagedThreadFactory threads;

  private final ClusterConfig cluster;
  private final Membership membership;
  private final Caches caches;
  private final Waiting waiting;
  private final Numbers numbers = new Numbers();
  private volatile @Nullable GridConfig config;
  private volatile @Nullable Running running;
  private volatile String closed = NOT_STARTED;
  private volatile boolean complete;
  private volatile boolean draining;

  /** Names of the members that the grid had when it served. */
  private volatile Set<String> served = Set.of();

  private boolean starting;
  private boolean stopped;

  /** A grid, and what executes operations in it. */
  record Running(Grid grid, Operations operations) {}

  /**
   * Takes what knows the members.
   *
   * @param executor reads again for those who wait for values
   */
  @Inject
  public GridLifecycle(
      ClusterConfig cluster, Membership membership, Caches caches, ExecutorService executor) {
    this.cluster = cluster;
    this.membership = membership;
    this.caches = caches;
    waiting = new Waiting(executor, WAIT);
  }

  String description() {
    MemberGrid own = Objects.requireNonNull(cluster.self().grid());
    return "grid at %s, %d backups".formatted(own.address(), own.backups());
  }

  /** Returns what numbers the writes of this node. */
  Numbers numbers() {
    return numbers;
  }

  /** Returns the grid while this node is in it. */
  @Nullable Running running() {
    return running;
  }

  /**
   * Lets it join.
   *
   * @throws SettingException when there can be no grid
   */
  void start() {
    if (cluster.isLone()) {
      throw new SettingException(
          "SMACHE_ENGINE is grid, but UPLINK_URL is not set: a grid finds its members by uplink");
    }
    config = GridConfig.of(Settings.ofApplication());
    membership.counting(this::arriving, this::leaving);
  }

  /** Ends for good. */
  void stop() {
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

  /** Joins at the first table, and leaves at the first without this node after it was drained. */
  void follow(PartitionTable table) {
    GridConfig known = config;
    if (known == null) {
      return;
    }
    boolean member = table.has(cluster.self());
    draining = member ? table.draining().contains(cluster.self().name()) : draining;
    List<InetSocketAddress> others = others(table);
    Running now = running;
    if (now == null && member && !draining) {
      join(known, table.clusterId(), others);
    } else if (now != null && !member && draining) {
      leave(now);
    } else if (now != null) {
      now.grid().look(others);
      now.grid().drain(draining(table));
    }
    waiting.wakeUnless(id -> false);
  }

  private static Set<String> draining(PartitionTable table) {
    return table.members().stream()
        .filter(each -> table.draining().contains(each.name()))
        .map(Member::instance)
        .collect(Collectors.toSet());
  }

  private List<InetSocketAddress> others(PartitionTable table) {
    return table.members().stream()
        .filter(member -> !member.isSameProcess(cluster.self()))
        .flatMap(member -> Optional.ofNullable(member.grid()).stream())
        .map(grid -> Grid.address(grid.address()))
        .toList();
  }

  /** On a thread of its own: a grid waits for others. */
  private synchronized void join(GridConfig known, String id, List<InetSocketAddress> others) {
    if (!starting && !stopped) {
      starting = true;
      threads.newThread(() -> begin(known, id, others)).start();
    }
  }

  private void begin(GridConfig known, String clusterId, List<InetSocketAddress> others) {
    try {
      Grid grid = new Grid(clusterId, cluster.self(), others, cluster.secret(), caches.maxBytes());
      Operations operations = new Operations(grid, caches, waiting, numbers);
      if (isKept(new Running(grid, operations))) {
        membership.table().ifPresent(this::follow);
        LOG.log(
            Level.INFO,
            "the grid is open, with {0} members; it serves with {1}",
            Integer.toString(grid.size()),
            Integer.toString(known.minimum()));
      } else {
        grid.stop();
      }
    } catch (Exception e) {
      closed =
          "the grid of this node cannot listen at %s; is SMACHE_GRID_PORT free, and NODE_URL an"
                  .formatted(Objects.requireNonNull(cluster.self().grid()).address())
              + " address of this machine?";
      LOG.log(Level.ERROR, closed, e);
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

  private void leave(Running now) {
    running = null;
    closed = "this node has left the grid";
    threads.newThread(() -> now.grid().stop()).start();
    LOG.log(Level.INFO, "has handed everything over, and leaves the grid");
  }

  /** Returns whether operations go to other members from now on. */
  boolean hasLeft() {
    return draining && running == null;
  }

  /** All partitions until the grid is open, then those whose copies are on their way here. */
  private int arriving() {
    Running now = running;
    int none = hasLeft() ? 0 : PartitionTable.PARTITIONS;
    return now == null ? none : now.grid().arriving();
  }

  private int leaving() {
    Running now = running;
    return now == null ? 0 : now.grid().leaving();
  }

  /**
   * Sees to a grid that does not serve, because half of its members were lost and may live on
   * behind a cut: it serves again when each of them is back, or has been started anew under its
   * name. To be called about once a second.
   */
  void look() {
    Running now = running;
    PartitionTable table = membership.table().orElse(null);
    if (now == null || table == null) {
      return;
    }
    Set<String> present = now.grid().present(table);
    if (now.grid().isAvailable()) {
      served = present;
    } else if (!served.isEmpty() && present.containsAll(served)) {
      LOG.log(Level.INFO, "all members of the grid are back, so it serves again");
      now.grid().serve();
    }
  }

  /** Returns the grid while operations can be executed in it; null else. */
  @Nullable Running serving() {
    Running now = running;
    return now == null || trouble(now.grid()).isPresent() ? null : now;
  }

  /** Returns why operations cannot be executed here, empty when they can. */
  Optional<String> trouble() {
    Running now = running;
    return now == null ? Optional.of(closed) : trouble(now.grid());
  }

  private Optional<String> trouble(Grid grid) {
    if (!complete) {
      Optional<String> missing = membership.table().flatMap(table -> missing(grid, table));
      complete = missing.isEmpty() && membership.isActive();
      if (missing.isPresent()) {
        return missing;
      }
    }
    if (!grid.isAvailable()) {
      return Optional.of("this node is cut off from most of the grid");
    }
    int minimum = Objects.requireNonNull(config).minimum();
    return grid.size() < minimum
        ? Optional.of(
            "the grid has %d members, and SMACHE_GRID_MINIMUM asks for %d"
                .formatted(grid.size(), minimum))
        : Optional.empty();
  }

  private static Optional<String> missing(Grid grid, PartitionTable table) {
    List<String> missing = grid.missing(table).stream().map(GridLifecycle::reached).toList();
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "the grid of this node has not met %s yet; is its SMACHE_GRID_PORT reachable?"
                .formatted(String.join(", ", missing)));
  }

  private static String reached(Member member) {
    MemberGrid grid = member.grid();
    return member.name() + (grid == null ? "" : " at " + grid.address());
  }
}
