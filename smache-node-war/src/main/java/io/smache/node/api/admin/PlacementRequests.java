package io.smache.node.api.admin;

import io.smache.node.api.message.Reply;
import io.smache.node.api.message.Request;
import io.smache.node.api.simple.SimpleKey;
import io.smache.node.cluster.Membership;
import io.smache.node.shard.Shards;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.protocol.PartitionTable;
import io.smache.protocol.message.Status;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.math.BigInteger;

/** Where a key belongs: the seed's integer, and what follows from it. Thread-safe. */
@Dependent
public class PlacementRequests {
  private final Membership membership;
  private final Shards shards;

  /** Takes what knows the owners and the shards. */
  @Inject
  public PlacementRequests(Membership membership, Shards shards) {
    this.membership = membership;
    this.shards = shards;
  }

  /**
   * Where a key belongs.
   *
   * @param key the key as asked
   * @param normalized the integer that the seed makes of it
   * @param partition 0 to 1023
   * @param shard 0 to SHARD_LIMIT - 1 of the node that answers
   * @param node name of the owner
   */
  record Placement(String key, BigInteger normalized, int partition, int shard, String node) {}

  /** Returns the placement of a key, whether or not there is an entry. */
  public Reply get(Request request) throws KeyException {
    Key key = SimpleKey.of(request);
    return membership
        .table()
        .map(table -> Reply.json(Status.OK, placement(key, table)))
        .orElseGet(() -> Reply.unavailable(Membership.NOT_JOINED));
  }

  private Placement placement(Key key, PartitionTable table) {
    return new Placement(
        key.toString(),
        key.normalized(),
        key.partition(),
        key.shard(shards.count()),
        table.owner(key.partition()).name());
  }
}
