package io.smache.node.cache;

import io.smache.node.cluster.ClusterConfig;
import io.smache.node.cluster.Discovery;
import io.smache.node.cluster.Membership;
import io.smache.node.cluster.Offline;
import io.smache.node.cluster.PeerLink;
import io.smache.node.cluster.SplitBrainGuard;
import io.smache.node.shard.PlainLocks;
import io.smache.node.shard.Shards;
import io.smache.node.store.Caches;
import io.smache.node.store.Clock;
import io.smache.node.transfer.InboundTransfers;
import io.smache.node.transfer.OwnershipUpdater;
import io.smache.node.transfer.TransferSender;
import io.smache.protocol.Assignment;
import io.smache.protocol.ClusterSecret;
import io.smache.protocol.Member;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that a node is made of, without a server and without a network. */
public class LoneNode {
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
  final Local local;
  final Waiting waiting;
  private @Nullable OwnershipUpdater ownership;

  /**
   * Makes a node without a table.
   *
   * @param valueLimit the most bytes of a value
   */
  public LoneNode(ClusterSecret secret, int valueLimit) {
    caches = new Caches(Clock.SYSTEM, MAX_BYTES, valueLimit);
    shards = new Shards(SHARDS, caches, locks);
    config = Offline.config(self, secret);
    waiting = new Waiting(config);
    membership =
        Offline.membership(
            config,
            change -> {
              if (ownership != null) {
                ownership.follow(change);
              }
            },
            waiting::follow);
    PeerLink peers = link();
    discovery = new Offline.NoRounds(config, membership, peers);
    splitBrainGuard = new SplitBrainGuard(discovery, membership, peers);
    InboundTransfers inbound =
        new InboundTransfers(membership, discovery, peers, shards, caches, Offline.executor());
    TransferSender sender = new TransferSender(membership, discovery, peers, shards);
    ownership = new OwnershipUpdater(membership, shards, caches, inbound, sender);
    commands = new Commands(membership, discovery, shards, caches, inbound);
    broadcast = new Broadcast(membership, Offline.newestTable(config, membership), peers, commands);
    configurations = new Configurations(broadcast, membership, caches);
    local = new Local(shards, inbound, splitBrainGuard, waiting, Offline.executor());
    cache = new Cache(membership, Offline.newestTable(config, membership), peers, local, sender);
  }

  /** Returns what reaches other nodes. */
  protected PeerLink link() {
    return new Offline.Link(config, membership);
  }

  /** Lets the node own everything, as one without an uplink does. */
  public LoneNode start() {
    membership.accept(Assignment.first(self.instance(), true, List.of(self), 1));
    return this;
  }
}
