package io.smache.node.http;

import io.smache.node.cluster.Membership;
import io.smache.node.shard.Shards;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.protocol.PartitionTable;
import io.smache.protocol.http.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response.Status;
import java.math.BigInteger;

/** Shows where a key belongs: the seed's integer, and what follows from it. */
@Path("api/placement")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class PlacementResource {
  @Inject Membership membership;
  @Inject Shards shards;

  /** Returns the placement of a key, whether or not there is an entry. */
  @GET
  public Placement placement(@Context HttpServletRequest request) throws KeyException {
    Key key = SimpleKey.of(request);
    PartitionTable table =
        membership
            .table()
            .orElseThrow(
                () -> new ProblemException(Status.SERVICE_UNAVAILABLE, Unavailable.NOT_JOINED));
    return new Placement(
        key.toString(),
        key.normalized(),
        key.partition(),
        key.shard(shards.count()),
        table.owner(key.partition()).name());
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
  public record Placement(
      String key, BigInteger normalized, int partition, int shard, String node) {}
}
