package io.smache.node.cache;

import io.smache.node.cluster.ClusterConfig;
import io.smache.node.cluster.Discovery;
import io.smache.node.cluster.Membership;
import io.smache.node.cluster.Offline;
import io.smache.node.cluster.PeerLink;
import io.smache.node.cluster.SplitBrainGuard;
import io.smache.node.engine.Engine;
import io.smache.node.engine.shards.ShardsEngine;
import io.smache.node.shard.PlainLocks;
import io.smache.node.shard.Shards;
import io.smache.node.store.Caches;
import io.smache.node.store.Clock;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import io.smache.node.transfer.InboundTransfers;
import io.smache.node.transfer.OwnershipUpdater;
import io.smache.node.transfer.TransferSender;
import io.smache.protocol.Assignment;
import io.smache.protocol.ClusterSecret;
import io.smache.protocol.Member;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** All that a node is made of, without a server and without a network. */
public final class LoneNode {
  private static final int SHARDS = 4;
  private static final long MAX_BYTES = 1 << 26;

  public final Member self = new Member("lone", "http://127.0.0.1:1", "lone-instance");
  public final PlainLocks locks = new PlainLocks(SHARDS);
  public final Caches caches;
  public final Shards shards;
  public final ClusterConfig config;
  public final Membership membership;
  public final Discovery discovery;
  public final SplitBrainGuard splitBrainGuard;
  public final Commands commands;
  public final Broadcast broadcast;
  public final Configurations configurations;
  public final Cache cache;
  public final Engine engine;
  private @Nullable OwnershipUpdater ownership;
  private @Nullable ShardsEngine follower;

  /** What other nodes answer; by default they are not reached. */
  volatile BiFunction<Member, List<Operation>, List<Outcome>> others =
      (owner, operations) ->
          Collections.nCopies(operations.size(), new Outcome.Unavailable("not reached"));

  /**
   * Makes a node without a table.
   *
   * @param valueLimit the most bytes of a value
   */
  public LoneNode(ClusterSecret secret, int valueLimit) {
    this(secret, valueLimit, Clock.SYSTEM);
  }

  /** Makes a node whose shards have that clock. */
  public LoneNode(ClusterSecret secret, int valueLimit, Clock clock) {
    caches = new Caches(clock, MAX_BYTES, valueLimit);
    shards = new Shards(SHARDS, caches, locks);
    config = Offline.config(self, secret);
    membership =
        Offline.membership(
            config,
            change -> {
              if (ownership != null) {
                ownership.follow(change);
              }
            },
            inForce -> {
              if (follower != null) {
                follower.follow(inForce.table());
              }
            });
    PeerLink peers = new Link();
    discovery = new Offline.NoRounds(config, membership, peers);
    splitBrainGuard = new SplitBrainGuard(discovery, membership, peers);
    InboundTransfers inbound =
        new InboundTransfers(membership, discovery, peers, shards, caches, Offline.executor());
    TransferSender sender = new TransferSender(membership, discovery, peers, shards);
    ownership = new OwnershipUpdater(membership, shards, caches, inbound, sender);
    ShardsEngine made =
        new ShardsEngine(
            membership,
            Offline.newestTable(config, membership),
            shards,
            caches,
            inbound,
            sender,
            splitBrainGuard,
            Offline.loops(),
            Offline.executor());
    follower = made;
    engine = made;
    commands = new Commands(membership, discovery, engine, shards, caches, inbound);
    broadcast =
        new Broadcast(
            membership,
            Offline.newestTable(config, membership),
            peers,
            commands,
            Offline.executor());
    configurations = new Configurations(broadcast, membership, caches);
    cache = new Cache(membership, peers, engine);
  }

  /** Lets the node own everything, as one without an uplink does. */
  public LoneNode start() {
    membership.accept(Assignment.first(self.instance(), true, List.of(self), 1));
    return this;
  }

  private final class Link extends Offline.Link {
    Link() {
      super(config, membership);
    }

    @Override
    public CompletableFuture<Outcome> send(Member owner, long epoch, Operation operation) {
      return sendAll(owner, epoch, List.of(operation)).thenApply(outcomes -> outcomes.get(0));
    }

    @Override
    public CompletableFuture<List<Outcome>> sendAll(
        Member owner, long epoch, List<Operation> operations) {
      return CompletableFuture.supplyAsync(() -> others.apply(owner, operations));
    }
  }
}
