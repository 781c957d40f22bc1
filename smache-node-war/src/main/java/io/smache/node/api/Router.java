package io.smache.node.api;

import io.smache.node.api.Endpoint.Handler;
import io.smache.node.api.admin.CacheRequests;
import io.smache.node.api.admin.ClusterRequests;
import io.smache.node.api.admin.HealthRequests;
import io.smache.node.api.admin.OpenApiDocument;
import io.smache.node.api.admin.PlacementRequests;
import io.smache.node.api.batch.BatchRequests;
import io.smache.node.api.entry.EntryAddress;
import io.smache.node.api.entry.EntryRequests;
import io.smache.node.api.message.MediaTypes;
import io.smache.node.api.message.Reply;
import io.smache.node.api.message.Request;
import io.smache.node.api.metrics.Meters;
import io.smache.node.api.metrics.MetricsRequests;
import io.smache.node.api.metrics.RequestMeter;
import io.smache.node.api.peer.PeerRequests;
import io.smache.node.api.simple.SimpleRequests;
import io.smache.node.cluster.PeerLink;
import io.smache.node.cluster.Wire;
import io.smache.node.shard.ValueLimit;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** All paths of a node and what is there. Immutable. */
@Dependent
class Router {
  private static final String MEMBERS = "/api/cluster/members/";
  private static final String DRAIN = "/drain";
  private static final String BATCH = "/batch";
  private static final EntryAddress NO_PARTS = new EntryAddress("", null);

  private final Map<String, Endpoint> fixed;
  private final Endpoint caches;
  private final Endpoint cache;
  private final Endpoint batch;
  private final Endpoint drain;

  /** Of all entries, and of an entry whose key is a parameter. */
  private final Endpoint entries;

  /** Of an entry whose key ends as the path of a counter does. */
  private final Endpoint counter;

  /** Of an entry whose key is in the path. */
  private final Endpoint entry;

  private final RequestMeter nowhere;

  /**
   * A path of the API.
   *
   * @param address the parts of the path that a client chooses; empty where it has none
   */
  record Match(Endpoint endpoint, EntryAddress address) {}

  @Inject
  Router(
      Access access,
      SimpleRequests simple,
      EntryRequests entryRequests,
      BatchRequests batches,
      CacheRequests cacheRequests,
      ClusterRequests cluster,
      PlacementRequests placement,
      HealthRequests health,
      MetricsRequests metrics,
      OpenApiDocument openApi,
      PeerRequests peers,
      Meters meters,
      @ValueLimit int valueLimit) {
    Function<Handler, Handler> administration = guarded(access::refuseAdministration);
    caches = json().on("GET", (request, none) -> cacheRequests.list(request));
    cache =
        json()
            .on("GET", (request, address) -> cacheRequests.get(request, address).now())
            .on("PUT", administration.apply(cacheRequests::configure))
            .on("DELETE", administration.apply(cacheRequests::drop))
            .most(CacheRequests.MAX_BYTES);
    batch = Endpoint.ofAny().on("POST", batches::post).most(BatchRequests.MAX_BYTES);
    drain =
        json()
            .on(
                "POST",
                administration.apply((request, name) -> cluster.drain(name.encodedCache())));
    entry =
        ofEntry(entryRequests, valueLimit)
            .hint("POST", "POST is only supported on …/{key}/increment")
            .light();
    entries = ofEntry(entryRequests, valueLimit).on("POST", entryRequests::increment);
    counter = ofEntry(entryRequests, valueLimit).on("POST", entryRequests::increment).light();
    Map<String, Endpoint> paths = new HashMap<>();
    addSimple(paths, simple, valueLimit);
    addHealth(paths, health, metrics);
    paths.put("/api/openapi.json", json().on("GET", (request, none) -> openApi.get().now()));
    addCluster(paths, cluster, placement);
    addInside(paths, peers, access);
    paths.put("/api/caches", caches);
    fixed = Map.copyOf(paths);
    nowhere = meters.requests("none", "other");
    measure(meters);
  }

  private void measure(Meters meters) {
    fixed.forEach((path, endpoint) -> endpoint.measure(meters, part(path)));
    cache.measure(meters, "caches");
    batch.measure(meters, "batch");
    drain.measure(meters, "cluster");
    List.of(entry, entries, counter).forEach(each -> each.measure(meters, "entries"));
  }

  /** Returns the part of the API that a path belongs to. */
  private static String part(String path) {
    if (path.equals("/api")) {
      return "simple";
    }
    if (path.startsWith("/internal/")) {
      return "inside";
    }
    if (path.equals("/") || path.startsWith("/healthcheck")) {
      return "health";
    }
    return path.startsWith("/api/cluster") ? "cluster" : path.substring(path.lastIndexOf('/') + 1);
  }

  /** Returns what measures the requests of a method; of all methods where there is nothing. */
  RequestMeter meter(@Nullable Match match, String method) {
    return match == null ? nowhere : match.endpoint().meter(method);
  }

  private static void addSimple(
      Map<String, Endpoint> paths, SimpleRequests simple, int valueLimit) {
    paths.put(
        "/api",
        json()
            .on("GET", (request, none) -> simple.get(request))
            .on("POST", (request, none) -> simple.post(request))
            .most(valueLimit)
            .frequent()
            .light());
  }

  private static void addHealth(
      Map<String, Endpoint> paths, HealthRequests health, MetricsRequests metrics) {
    Endpoint alive = json().on("GET", (request, none) -> health.alive().now()).light();
    paths.put("/", alive);
    paths.put("/healthcheck", alive);
    paths.put(
        "/healthcheck/ready", json().on("GET", (request, none) -> health.ready().now()).light());
    Endpoint figures = Endpoint.ofAny().on("GET", (request, none) -> metrics.get(request).now());
    paths.put("/metrics", figures);
    paths.put("/api/metrics", figures);
  }

  private static void addCluster(
      Map<String, Endpoint> paths, ClusterRequests cluster, PlacementRequests placement) {
    paths.put("/api/cluster", json().on("GET", (request, none) -> cluster.get()));
    paths.put("/api/cluster/safe", json().on("GET", (request, none) -> cluster.safe()));
    paths.put("/api/placement", json().on("GET", (request, none) -> placement.get(request).now()));
  }

  /** The secret is checked first, then the cluster that the sender belongs to. */
  private static void addInside(Map<String, Endpoint> paths, PeerRequests peers, Access access) {
    Function<Handler, Handler> member = guarded(access::refuseStranger);
    Function<Handler, Handler> peer = member.compose(guarded(access::refuseOtherCluster));
    Function<Handler, Handler> tableHolder = member.compose(guarded(access::refuseOtherTable));
    paths.put(
        "/internal/member",
        json().on("GET", member.apply((request, none) -> peers.member().now())));
    paths.put(
        PeerLink.OPERATIONS,
        inside()
            .on("POST", peer.apply((request, none) -> peers.operations(request)))
            .frequent()
            .light());
    paths.put(
        PeerLink.COMMANDS,
        inside()
            .on("POST", peer.apply((request, none) -> peers.command(request).now()))
            .frequent());
    paths.put(
        PeerLink.TABLE,
        inside()
            .on("GET", member.apply((request, none) -> peers.table().now()))
            .on("POST", tableHolder.apply((request, none) -> peers.follow(request).now())));
  }

  private static Endpoint json() {
    return Endpoint.of(MediaTypes.JSON);
  }

  private static Endpoint inside() {
    return Endpoint.of(Wire.MEDIA_TYPE).most(PeerRequests.MAX_BYTES);
  }

  private static Endpoint ofEntry(EntryRequests requests, int valueLimit) {
    return Endpoint.ofAny()
        .on("GET", requests::get)
        .on("HEAD", requests::head)
        .on("PUT", requests::put)
        .on("DELETE", requests::delete)
        .on("PATCH", requests::patch)
        .most(valueLimit)
        .frequent();
  }

  /** Returns what puts a check in front of a handler. */
  private static Function<Handler, Handler> guarded(Function<Request, @Nullable Reply> check) {
    return handler ->
        (request, address) -> {
          Reply refused = check.apply(request);
          return refused == null ? handler.reply(request, address) : refused.now();
        };
  }

  /** Returns whether what is at a path answers batches. */
  boolean isBatch(Match match) {
    return match.endpoint() == batch;
  }

  /** Returns what is at a path as it was sent; null when there is nothing. */
  @Nullable Match match(String path) {
    if (path.startsWith(EntryAddress.CACHES)) {
      return ofCache(path);
    }
    Endpoint known = fixed.get(path);
    if (known == null && path.endsWith("/")) {
      known = fixed.get(path.substring(0, path.length() - 1));
    }
    if (known != null) {
      return new Match(known, NO_PARTS);
    }
    return path.startsWith(MEMBERS) ? ofMember(path) : null;
  }

  private @Nullable Match ofCache(String path) {
    int start = EntryAddress.CACHES.length();
    int end = path.indexOf('/', start);
    String name = end < 0 ? path.substring(start) : path.substring(start, end);
    if (name.isEmpty()) {
      return end < 0 ? new Match(caches, NO_PARTS) : null;
    }
    if (end >= 0 && path.startsWith(EntryAddress.ENTRIES, end)) {
      String key = path.substring(end + EntryAddress.ENTRIES.length());
      return new Match(ofKey(key), new EntryAddress(name, key));
    }
    return switch (end < 0 ? "" : path.substring(end)) {
      case "", "/" -> new Match(cache, new EntryAddress(name, null));
      case "/entries" -> new Match(entries, new EntryAddress(name, null));
      case BATCH, BATCH + "/" -> new Match(batch, new EntryAddress(name, null));
      default -> null;
    };
  }

  private Endpoint ofKey(String key) {
    if (key.isEmpty()) {
      return entries;
    }
    return EntryAddress.isIncrement(key) ? counter : entry;
  }

  private @Nullable Match ofMember(String path) {
    int end = path.indexOf('/', MEMBERS.length());
    return end > MEMBERS.length()
            && path.startsWith(DRAIN, end)
            && path.length() - end <= DRAIN.length() + 1
        ? new Match(drain, new EntryAddress(path.substring(MEMBERS.length(), end), null))
        : null;
  }
}
