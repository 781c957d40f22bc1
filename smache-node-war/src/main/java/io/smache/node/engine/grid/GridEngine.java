package io.smache.node.engine.grid;

import io.smache.node.cluster.Membership;
import io.smache.node.cluster.Route;
import io.smache.node.engine.Bounded;
import io.smache.node.engine.Engine;
import io.smache.node.runtime.NodeScoped;
import io.smache.node.store.CacheStatistics;
import io.smache.node.store.Caches;
import io.smache.node.store.Command;
import io.smache.node.store.EntryId;
import io.smache.node.store.Get;
import io.smache.node.store.Listed;
import io.smache.node.store.Numbered;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import jakarta.ejb.ConcurrentAccessException;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.infinispan.distribution.DistributionInfo;
import org.jspecify.annotations.Nullable;

/** Entries in a grid of all members of the cluster. Thread-safe. */
@NodeScoped
@Typed(GridEngine.class)
public class GridEngine implements Engine {
  private static final long PAUSE_MILLIS = 50;
  private static final long RETRY_MILLIS = 4_500;

  private final Membership membership;
  private final Caches caches;
  private final GridLifecycle lifecycle;

  /** Takes what knows the owners, and what opens the grid. */
  @Inject
  public GridEngine(Membership membership, Caches caches, GridLifecycle lifecycle) {
    this.membership = membership;
    this.caches = caches;
    this.lifecycle = lifecycle;
  }

  @Override
  public String description() {
    return lifecycle.description();
  }

  @Override
  public void start() {
    lifecycle.start();
  }

  @Override
  public void stop() {
    lifecycle.stop();
  }

  @Override
  public void follow(PartitionTable table) {
    lifecycle.follow(table);
  }

  @Override
  public Optional<String> trouble() {
    return lifecycle.trouble();
  }

  /**
   * A read on its own goes to any copy; what changes something, or waits, to the owner. A node that
   * has left asks any member; one in trouble says so itself.
   */
  @Override
  public Route route(Operation operation, boolean ordered) {
    GridLifecycle.Running now = lifecycle.running();
    PartitionTable table = membership.table().orElse(null);
    if (now == null || table == null) {
      return membership.route(operation.key());
    }
    if (lifecycle.serving() == null) {
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
  public Operation repeatable(Operation operation) {
    return operation instanceof Get ? operation : lifecycle.numbers().open(operation);
  }

  @Override
  public void settle(Operation operation) {
    if (operation instanceof Numbered numbered) {
      lifecycle.numbers().settle(numbered);
    }
  }

  /** What failed at another member, while this one may serve, is worth another attempt. */
  @Override
  public boolean isToBeRepeated(Outcome outcome) {
    return outcome instanceof Outcome.NotOwned
        || (outcome instanceof Outcome.Unavailable unavailable
            && !unavailable.isFinal()
            && (lifecycle.hasLeft() || lifecycle.trouble().isEmpty()));
  }

  @Override
  public long retryMillis() {
    return RETRY_MILLIS;
  }

  @Override
  public long epoch() {
    GridLifecycle.Running now = lifecycle.running();
    return now == null ? 0 : now.grid().topology().getTopologyId();
  }

  @Override
  public CompletableFuture<?> newerThan(long epoch) {
    return new CompletableFuture<@Nullable Void>()
        .completeOnTimeout(null, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public CompletableFuture<Outcome> perform(Operation operation) {
    GridLifecycle.Running now = lifecycle.serving();
    return now == null
        ? CompletableFuture.completedFuture(new Outcome.Unavailable(refusal()))
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
    GridLifecycle.Running now = lifecycle.running();
    return now == null ? perform(get) : now.operations().readInOrder(get);
  }

  @Override
  public Command.@Nullable PushChunks given(Operation operation, Member owner) {
    return null;
  }

  @Override
  public void invalidate(Command.Invalidate invalidate) {
    serving().operations().invalidate(invalidate);
  }

  private GridLifecycle.Running serving() {
    GridLifecycle.Running now = lifecycle.serving();
    if (now == null) {
      throw new ConcurrentAccessException(refusal());
    }
    return now;
  }

  private String refusal() {
    return lifecycle.trouble().orElse("this node leaves the grid");
  }

  @Override
  public List<Listed> page(Command.Page page) {
    return serving().operations().pages().page(page);
  }

  @Override
  public Size size() {
    GridLifecycle.Running now = lifecycle.running();
    return now == null ? new Size(0, 0) : now.operations().size();
  }

  @Override
  public List<CacheStatistics> statistics() {
    GridLifecycle.Running now = lifecycle.running();
    return now == null ? caches.statistics() : now.operations().pages().statistics();
  }

  @Override
  public void reclaim() {
    caches.reclaim();
    lifecycle.look();
    GridLifecycle.Running now = lifecycle.running();
    if (now != null) {
      now.operations().sweep();
    }
  }

  @Override
  public List<String> holders(int partition) {
    GridLifecycle.Running now = lifecycle.running();
    PartitionTable table = membership.table().orElse(null);
    if (now == null || table == null) {
      return List.of();
    }
    return now.grid().topology().getSegmentDistribution(partition).readOwners().stream()
        .flatMap(address -> Optional.ofNullable(Grid.member(address, table)).stream())
        .map(Member::name)
        .toList();
  }

  /** As uplink's table says where this node has no grid. */
  @Override
  public int partitionsOf(Member member) {
    GridLifecycle.Running now = lifecycle.running();
    return now == null
        ? membership.table().map(table -> table.partitionsOf(member)).orElse(0)
        : now.grid().partitionsOf(member);
  }
}
