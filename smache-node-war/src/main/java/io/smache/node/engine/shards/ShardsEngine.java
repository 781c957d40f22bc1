package io.smache.node.engine.shards;

import io.smache.node.cluster.Membership;
import io.smache.node.cluster.NewestTable;
import io.smache.node.cluster.Route;
import io.smache.node.cluster.SplitBrainGuard;
import io.smache.node.engine.Engine;
import io.smache.node.engine.Waiting;
import io.smache.node.runtime.EventLoops;
import io.smache.node.runtime.NodeScoped;
import io.smache.node.shard.Shards;
import io.smache.node.store.CacheStatistics;
import io.smache.node.store.Caches;
import io.smache.node.store.Command;
import io.smache.node.store.Listed;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import io.smache.node.transfer.InboundTransfers;
import io.smache.node.transfer.TransferSender;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** Entries in the shards of the node that owns their key by uplink's table. Thread-safe. */
@NodeScoped
@Typed(ShardsEngine.class)
public class ShardsEngine implements Engine {
  /** Whoever waits is woken by the shard of the key. */
  private static final Duration LONG = Duration.ofDays(1);

  private final Membership membership;
  private final NewestTable newestTable;
  private final Shards shards;
  private final Caches caches;
  private final TransferSender transferSender;
  private final Waiting waiting;
  private final Local local;

  /**
   * Takes what knows the owners, and what executes here.
   *
   * @param executor runs what waits for entries of other nodes
   */
  @Inject
  public ShardsEngine(
      Membership membership,
      NewestTable newestTable,
      Shards shards,
      Caches caches,
      InboundTransfers inboundTransfers,
      TransferSender transferSender,
      SplitBrainGuard splitBrainGuard,
      EventLoops loops,
      ExecutorService executor) {
    this.membership = membership;
    this.newestTable = newestTable;
    this.shards = shards;
    this.caches = caches;
    this.transferSender = transferSender;
    waiting = new Waiting(executor, LONG);
    membership.counting(inboundTransfers::size, () -> shards.outboundTransfers().size());
    local = new Local(shards, inboundTransfers, splitBrainGuard, waiting, loops, executor);
  }

  @Override
  public String description() {
    return "shards, %d of them".formatted(shards.count());
  }

  @Override
  public Optional<String> trouble() {
    return Optional.empty();
  }

  @Override
  public Route route(Operation operation, boolean ordered) {
    return membership.route(operation.key());
  }

  @Override
  public boolean isToBeRepeated(Outcome outcome) {
    return outcome instanceof Outcome.NotOwned;
  }

  @Override
  public long epoch() {
    return membership.epoch();
  }

  @Override
  public CompletableFuture<?> newerThan(long epoch) {
    return newestTable.newerThan(epoch);
  }

  @Override
  public CompletableFuture<Outcome> perform(Operation operation) {
    return local.perform(operation);
  }

  @Override
  public CompletableFuture<List<Outcome>> performAll(List<Operation> operations) {
    return local.performAll(operations);
  }

  @Override
  public CompletableFuture<List<Outcome>> performNow(List<Operation> operations) {
    return CompletableFuture.completedFuture(local.performNow(operations));
  }

  /** Sends along what this node still has of the key, so that the new owner need not fetch it. */
  @Override
  public Command.@Nullable PushChunks given(Operation operation, Member owner) {
    return transferSender.isBusy() ? transferSender.given(operation.id(), owner) : null;
  }

  @Override
  public void invalidate(Command.Invalidate invalidate) {
    shards.invalidate(invalidate);
  }

  @Override
  public List<Listed> page(Command.Page page) {
    return shards.page(page);
  }

  @Override
  public List<CacheStatistics> statistics() {
    return caches.statistics();
  }

  @Override
  public void reclaim() {
    shards.reclaim();
  }

  @Override
  public List<String> holders(int partition) {
    return membership.table().stream().map(table -> table.owner(partition).name()).toList();
  }

  @Override
  public int partitionsOf(Member member) {
    return membership.table().map(table -> table.partitionsOf(member)).orElse(0);
  }

  /** Lets requests go on at the new owners of what they wait for. */
  @Override
  public void follow(PartitionTable table) {
    waiting.wakeUnless(id -> table.owner(id.key().partition()).isSameProcess(membership.self()));
  }

  @Override
  public Size size() {
    return new Size(caches.size(), caches.bytes());
  }
}
