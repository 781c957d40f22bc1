package io.smache.node.api.admin;

import io.smache.node.api.message.Reply;
import io.smache.node.api.message.Request;
import io.smache.node.api.simple.SimpleKey;
import io.smache.node.cluster.Membership;
import io.smache.node.engine.Engine;
import io.smache.node.shard.Shards;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.protocol.message.Status;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.math.BigInteger;
import java.util.List;

/** Where a key belongs: the seed's integer, and what follows from it. Thread-safe. */
@Dependent
public class PlacementRequests {
  private final Engine engine;
  private final Shards shards;

  /** Takes what knows the owners and the shards. */
  @Inject
  public PlacementRequests(Engine engine, Shards shards) {
    this.engine = engine;
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
    List<String> holders = engine.holders(key.partition());
    return holders.isEmpty()
        ? Reply.unavailable(Membership.NOT_JOINED)
        : Reply.json(Status.OK, placement(key, holders.get(0)));
  }

  private Placement placement(Key key, String owner) {
    return new Placement(
        key.toString(), key.normalized(), key.partition(), key.shard(shards.count()), owner);
  }
}
