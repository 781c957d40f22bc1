package io.smache.node.api;

import io.smache.node.api.admin.CacheRequests;
import io.smache.node.api.admin.ClusterRequests;
import io.smache.node.api.admin.HealthRequests;
import io.smache.node.api.admin.OpenApiDocument;
import io.smache.node.api.admin.PlacementRequests;
import io.smache.node.api.batch.BatchRequests;
import io.smache.node.api.entry.EntryRequests;
import io.smache.node.api.entry.Invalidations;
import io.smache.node.api.entry.Listing;
import io.smache.node.api.entry.Replies;
import io.smache.node.api.metrics.Meters;
import io.smache.node.api.metrics.MetricsRequests;
import io.smache.node.api.metrics.NodeFigures;
import io.smache.node.api.peer.PeerRequests;
import io.smache.node.api.simple.SimpleRequests;
import io.smache.node.cache.LoneNode;
import io.smache.node.cluster.Offline;

/** The API of a node without a server. */
public final class LoneApi {
  private LoneApi() {}

  /**
   * Makes the API of a node.
   *
   * @param valueLimit the most bytes of a value
   */
  public static Api of(LoneNode node, int valueLimit) {
    Invalidations invalidations = new Invalidations(node.broadcast);
    Meters meters = new Meters();
    Replies replies = new Replies(Offline.executor());
    Router router =
        new Router(
            new Access(node.config.secret(), node.membership),
            new SimpleRequests(node.cache, replies, valueLimit),
            new EntryRequests(
                node.cache, invalidations, new Listing(node.broadcast), replies, valueLimit),
            new BatchRequests(node.cache, invalidations, replies, valueLimit),
            new CacheRequests(node.broadcast, node.configurations),
            new ClusterRequests(
                node.membership, node.discovery, node.broadcast, node.commands, node.engine),
            new PlacementRequests(node.engine, node.shards),
            new HealthRequests(node.membership, node.splitBrainGuard, node.discovery, node.engine),
            new MetricsRequests(
                meters, new NodeFigures(node.membership, node.engine, node.caches, node.commands)),
            new OpenApiDocument(),
            new PeerRequests(node.cache, node.commands, node.membership),
            meters,
            valueLimit);
    return new Api(router, Origins.NONE);
  }
}
