package io.smache.node.cache;

import io.smache.node.cluster.Discovery;
import io.smache.node.cluster.Membership;
import io.smache.node.cluster.PeerLink;
import io.smache.node.cluster.TableChange;
import io.smache.node.cluster.TableInForce;
import io.smache.node.shard.Shards;
import io.smache.node.store.Caches;
import io.smache.node.store.Clock;
import io.smache.node.store.Command;
import io.smache.node.store.Command.CommandReport;
import io.smache.node.store.Get;
import io.smache.node.store.InvalidationLog;
import io.smache.node.store.Operation;
import io.smache.node.store.OutboundTransfers;
import io.smache.node.store.Outcome;
import io.smache.node.store.Shard;
import io.smache.node.store.TransferredEntry;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.function.BiFunction;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A node with one shard and everything that moves entries, without a server: others are reached by
 * calling them.
 */
final class TestNode {
  private static final long LIMIT = 1 << 26;

  final Member self;
  final Caches caches = new Caches(Clock.SYSTEM, LIMIT, LIMIT);
  final Shard shard = new Shard(caches);
  final Shards shards = new OneShard();
  final InboundTransfers inboundTransfers = new InboundTransfers();
  final TransferSender transferSender = new TransferSender();

  /** What this node has sent to others. */
  final List<Command> sent = new CopyOnWriteArrayList<>();

  /** What comes of a command for another node; by default what that one says to it. */
  BiFunction<TestNode, Command, CompletableFuture<CommandReport>> link = TestNode::obey;

  private final Broadcast broadcast = new Broadcast();
  private final OwnershipUpdater ownership = new OwnershipUpdater();
  private final Map<Member, TestNode> others;
  private @Nullable PartitionTable inForce;

  /**
   * Makes a node of that name.
   *
   * @param others all nodes; this one is added
   */
  @SuppressWarnings("UnnecessaryAssignment") // no container injects here
  TestNode(String name, Map<Member, TestNode> others, ExecutorService executor) {
    self = new Member(name, "http://" + name + ":80", name + "-instance");
    this.others = others;
    others.put(self, this);
    Membership membership = new FollowedMembership();
    Discovery discovery = new Discovery();
    PeerLink peers = new CallingLink();
    inboundTransfers.membership = membership;
    inboundTransfers.discovery = discovery;
    inboundTransfers.peers = peers;
    inboundTransfers.shards = shards;
    inboundTransfers.caches = caches;
    inboundTransfers.executor = executor;
    transferSender.membership = membership;
    transferSender.discovery = discovery;
    transferSender.peers = peers;
    transferSender.shards = shards;
    transferSender.broadcast = broadcast;
    broadcast.membership = membership;
    broadcast.discovery = discovery;
    broadcast.peers = peers;
    broadcast.shards = shards;
    broadcast.caches = caches;
    broadcast.inboundTransfers = inboundTransfers;
    ownership.membership = membership;
    ownership.shards = shards;
    ownership.caches = caches;
    ownership.inboundTransfers = inboundTransfers;
    ownership.transferSender = transferSender;
    ownership.waiting = new Waiting();
    ownership.count();
  }

  /** Puts a table in force, if it is newer. */
  synchronized CommandReport follow(PartitionTable table) {
    PartitionTable before = inForce;
    if (before == null || before.epoch() < table.epoch()) {
      BitSet owned = owned(table);
      BitSet kept = before == null ? new BitSet() : owned(before);
      kept.and(owned);
      ownership.follow(new TableChange(before, table, kept, owned));
      inForce = table;
      ownership.handOver(new TableInForce(table));
    }
    return broadcast.commandHere(new Command.Configure(List.of()));
  }

  private BitSet owned(PartitionTable table) {
    return IntStream.range(0, PartitionTable.PARTITIONS)
        .filter(partition -> table.owner(partition).isSameProcess(self))
        .collect(BitSet::new, BitSet::set, BitSet::or);
  }

  /** Does a command, as one that came over the network. */
  CompletableFuture<CommandReport> obey(Command command) {
    return CompletableFuture.supplyAsync(() -> broadcast.commandHere(command));
  }

  Outcome perform(Operation operation) {
    return shards.perform(operation);
  }

  private final class FollowedMembership extends Membership {
    @Override
    public Member self() {
      return self;
    }

    @Override
    public Optional<PartitionTable> table() {
      return Optional.ofNullable(inForce);
    }

    @Override
    public long epoch() {
      return inForce == null ? 0 : inForce.epoch();
    }
  }

  private final class CallingLink extends PeerLink {
    @Override
    public CompletableFuture<CommandReport> send(Member member, Command command) {
      sent.add(command);
      return link.apply(Objects.requireNonNull(others.get(member)), command);
    }

    @Override
    public CompletableFuture<CommandReport> follow(Member member, PartitionTable table) {
      TestNode other = Objects.requireNonNull(others.get(member));
      return link.apply(other, new Command.Look()).thenApplyAsync(answered -> other.follow(table));
    }
  }

  private final class OneShard extends Shards {
    private final OutboundTransfers outboundTransfers = new OutboundTransfers(caches, key -> shard);
    private final InvalidationLog invalidations = new InvalidationLog(Clock.SYSTEM, 1 << 20);

    @Override
    public Outcome perform(Operation operation) {
      synchronized (shard) {
        return operation instanceof Get get ? shard.read(get) : shard.write(operation);
      }
    }

    @Override
    public void own(BitSet partitions, Map<Integer, Long> arriving) {
      synchronized (shard) {
        shard.own(partitions, arriving);
      }
    }

    @Override
    public void complete(Map<Integer, Long> arrived) {
      synchronized (shard) {
        shard.complete(arrived);
      }
    }

    @Override
    public boolean take(
        List<TransferredEntry> transferred, IntToLongFunction since, boolean asked, long known) {
      synchronized (shard) {
        if (invalidations.count() != known) {
          return false;
        }
        transferred.forEach(
            each -> shard.take(since.applyAsLong(each.id().key().partition()), each, asked));
        return true;
      }
    }

    @Override
    public synchronized void invalidate(Command.Invalidate invalidate) {
      if (invalidations.add(invalidate)) {
        synchronized (shard) {
          shard.invalidate(invalidate.cache(), invalidate.invalidation(), invalidate.except());
        }
      }
    }

    @Override
    public OutboundTransfers outboundTransfers() {
      return outboundTransfers;
    }

    @Override
    public InvalidationLog invalidations() {
      return invalidations;
    }
  }
}
