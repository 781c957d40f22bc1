package io.smache.node.transfer;

import io.smache.node.cache.Commands;
import io.smache.node.cluster.ClusterConfig;
import io.smache.node.cluster.Discovery;
import io.smache.node.cluster.Membership;
import io.smache.node.cluster.Offline;
import io.smache.node.cluster.PeerLink;
import io.smache.node.cluster.SplitBrainGuard;
import io.smache.node.cluster.TableChange;
import io.smache.node.cluster.TableInForce;
import io.smache.node.engine.shards.ShardsEngine;
import io.smache.node.shard.PlainLocks;
import io.smache.node.shard.Shards;
import io.smache.node.store.Caches;
import io.smache.node.store.Clock;
import io.smache.node.store.Command;
import io.smache.node.store.Command.CommandReport;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.function.BiFunction;

/**
 * A node with two shards and everything that moves entries, without a server: others are reached by
 * calling them.
 */
final class TestNode {
  private static final long LIMIT = 1 << 26;
  private static final int SHARDS = 2;

  final Member self;
  final Caches caches = new Caches(Clock.SYSTEM, LIMIT, LIMIT);
  final Shards shards = new Shards(SHARDS, caches, new PlainLocks(SHARDS));
  final InboundTransfers inboundTransfers;
  final TransferSender transferSender;

  /** What this node has sent to others. */
  final List<Command> sent = new CopyOnWriteArrayList<>();

  /** What comes of a command for another node; by default what that one answers. */
  BiFunction<TestNode, Command, CompletableFuture<CommandReport>> link = TestNode::obey;

  private final Membership membership;
  private final Commands commands;
  private final OwnershipUpdater ownership;
  private final Map<Member, TestNode> others;

  /**
   * Makes a node of that name.
   *
   * @param others all nodes; this one is added
   */
  TestNode(String name, Map<Member, TestNode> others, ExecutorService executor) {
    self = new Member(name, "http://" + name + ":80", name + "-instance");
    this.others = others;
    ClusterConfig config = Offline.config(self);
    membership = Offline.membership(config, this::change, this::inForce);
    PeerLink peers = new CallingLink(config);
    Discovery discovery = new Offline.NoRounds(config, membership, peers);
    inboundTransfers = new InboundTransfers(membership, discovery, peers, shards, caches, executor);
    transferSender = new TransferSender(membership, discovery, peers, shards);
    ShardsEngine engine =
        new ShardsEngine(
            membership,
            Offline.newestTable(config, membership),
            shards,
            caches,
            inboundTransfers,
            transferSender,
            new SplitBrainGuard(discovery, membership, peers),
            Offline.loops(),
            executor);
    commands = new Commands(membership, discovery, engine, shards, caches, inboundTransfers);
    ownership = new OwnershipUpdater(membership, shards, caches, inboundTransfers, transferSender);
    others.put(self, this);
  }

  private void change(TableChange change) {
    ownership.follow(change);
  }

  private void inForce(TableInForce inForce) {
    ownership.handOver(inForce);
  }

  /** Puts a table in force, if it is newer. */
  CommandReport follow(PartitionTable table) {
    membership.accept(table);
    return commands.execute(new Command.Configure(List.of()));
  }

  /** Does a command, as one that came over the network. */
  CompletableFuture<CommandReport> obey(Command command) {
    return CompletableFuture.supplyAsync(() -> commands.execute(command));
  }

  Outcome perform(Operation operation) {
    return shards.perform(operation);
  }

  private final class CallingLink extends Offline.Link {
    CallingLink(ClusterConfig config) {
      super(config, membership);
    }

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
}
