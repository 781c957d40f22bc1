package io.smache.node.api;

import io.smache.node.api.access.Access;
import io.smache.node.api.access.Origins;
import io.smache.node.api.access.TokensFile;
import io.smache.node.api.admin.CacheRequests;
import io.smache.node.api.admin.ClusterRequests;
import io.smache.node.api.admin.HealthRequests;
import io.smache.node.api.admin.OpenApiDocument;
import io.smache.node.api.admin.PlacementRequests;
import io.smache.node.api.batch.BatchRequests;
import io.smache.node.api.console.ConsoleFiles;
import io.smache.node.api.entry.EntryRequests;
import io.smache.node.api.entry.Invalidations;
import io.smache.node.api.entry.Listing;
import io.smache.node.api.entry.Replies;
import io.smache.node.api.metrics.AccessLog;
import io.smache.node.api.metrics.Meters;
import io.smache.node.api.metrics.MetricsRequests;
import io.smache.node.api.metrics.NodeFigures;
import io.smache.node.api.metrics.SlowRequests;
import io.smache.node.api.peer.PeerRequests;
import io.smache.node.api.simple.SimpleRequests;
import io.smache.node.cache.LoneNode;
import io.smache.node.cluster.Offline;
import io.smache.protocol.settings.Settings;

/** The API of a node without a server. */
public final class LoneApi {
  private LoneApi() {}

  /**
   * Makes the API of a node.
   *
   * @param valueLimit the most bytes of a value
   */
  public static Api of(LoneNode node, int valueLimit) {
    return of(node, valueLimit, new Settings(name -> null));
  }

  /** Makes the API of a node, with settings. */
  public static Api of(LoneNode node, int valueLimit, Settings settings) {
    Invalidations invalidations = new Invalidations(node.broadcast);
    Meters meters = new Meters();
    Replies replies = new Replies(Offline.executor());
    Access access =
        new Access(node.config.secret(), node.membership, TokensFile.of(settings), meters);
    SlowRequests slow = new SlowRequests(settings);
    Router router =
        new Router(
            access,
            new SimpleRequests(node.cache, replies, valueLimit),
            new EntryRequests(
                node.cache, invalidations, new Listing(node.broadcast), replies, valueLimit),
            new BatchRequests(node.cache, invalidations, replies, access, valueLimit),
            new CacheRequests(node.broadcast, node.configurations, access),
            new ClusterRequests(
                node.membership, node.discovery, node.broadcast, node.commands, node.engine),
            new PlacementRequests(node.engine, node.shards),
            new HealthRequests(node.membership, node.splitBrainGuard, node.discovery, node.engine),
            new MetricsRequests(
                meters, new NodeFigures(node.membership, node.engine, node.caches, node.commands)),
            slow,
            new OpenApiDocument(),
            new ConsoleFiles(),
            new PeerRequests(node.cache, node.commands, node.membership),
            meters,
            valueLimit);
    return new Api(router, Origins.allowed(settings), access, slow, new AccessLog(settings));
  }
}
