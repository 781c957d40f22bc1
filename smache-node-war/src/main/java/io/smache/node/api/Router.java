package io.smache.node.api;

import io.smache.node.api.Endpoint.Handler;
import io.smache.node.api.access.Access;
import io.smache.node.api.access.Right;
import io.smache.node.api.admin.CacheRequests;
import io.smache.node.api.admin.ClusterRequests;
import io.smache.node.api.admin.HealthRequests;
import io.smache.node.api.admin.OpenApiDocument;
import io.smache.node.api.admin.PlacementRequests;
import io.smache.node.api.batch.BatchRequests;
import io.smache.node.api.console.ConsoleFiles;
import io.smache.node.api.entry.EntryAddress;
import io.smache.node.api.entry.EntryRequests;
import io.smache.node.api.message.MediaTypes;
import io.smache.node.api.metrics.Meters;
import io.smache.node.api.metrics.MetricsRequests;
import io.smache.node.api.metrics.RequestMeter;
import io.smache.node.api.metrics.SlowRequests;
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
  private static final String CONSOLE = "/console";
  private static final EntryAddress NO_PARTS = new EntryAddress("", null);

  private final Guards guards;
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

  private final Endpoint console;
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
      SlowRequests slow,
      OpenApiDocument openApi,
      ConsoleFiles consoleFiles,
      PeerRequests peers,
      Meters meters,
      @ValueLimit int valueLimit) {
    guards = new Guards(access);
    caches = json().on("GET", guards.reading((request, none) -> cacheRequests.list(request)));
    cache =
        json()
            .on(
                "GET",
                guards.of(Right.READ, (request, name) -> cacheRequests.get(request, name).now()))
            .on("PUT", guards.administration(cacheRequests::configure))
            .on("DELETE", guards.administration(cacheRequests::drop))
            .most(CacheRequests.MAX_BYTES);
    batch = Endpoint.ofAny().on("POST", guards.known(batches::post)).most(BatchRequests.MAX_BYTES);
    drain = json().on("POST", guards.wholeAdministration(name -> cluster.drain(name)));
    Handler increment = guards.of(Right.WRITE, entryRequests::increment);
    entry =
        ofEntry(entryRequests, valueLimit)
            .hint("POST", "POST is only supported on …/{key}/increment")
            .light();
    entries = ofEntry(entryRequests, valueLimit).on("POST", increment);
    counter = ofEntry(entryRequests, valueLimit).on("POST", increment).light();
    console = Endpoint.ofAny().on("GET", (request, none) -> consoleFiles.get(request).now());
    Map<String, Endpoint> paths = new HashMap<>();
    addSimple(paths, simple, valueLimit);
    addHealth(paths, health);
    addFigures(paths, metrics, slow);
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
    console.measure(meters, "console");
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

  private void addSimple(Map<String, Endpoint> paths, SimpleRequests simple, int valueLimit) {
    paths.put(
        "/api",
        json()
            .on("GET", guards.ofDefault(Right.READ, simple::get))
            .on("POST", guards.ofDefault(Right.WRITE, simple::post))
            .most(valueLimit)
            .frequent()
            .light());
  }

  /** Balancers and orchestrators ask without a token. */
  private static void addHealth(Map<String, Endpoint> paths, HealthRequests health) {
    Endpoint alive = json().on("GET", (request, none) -> health.alive().now()).light();
    paths.put("/", alive);
    paths.put("/healthcheck", alive);
    paths.put(
        "/healthcheck/ready", json().on("GET", (request, none) -> health.ready().now()).light());
    paths.put(
        "/healthcheck/started",
        json().on("GET", (request, none) -> health.started().now()).light());
  }

  private void addFigures(Map<String, Endpoint> paths, MetricsRequests metrics, SlowRequests slow) {
    Endpoint figures =
        Endpoint.ofAny().on("GET", guards.reading((request, none) -> metrics.get(request).now()));
    paths.put("/metrics", figures);
    paths.put("/api/metrics", figures);
    paths.put("/api/slow", json().on("GET", guards.administering(slow::get)));
  }

  private void addCluster(
      Map<String, Endpoint> paths, ClusterRequests cluster, PlacementRequests placement) {
    paths.put("/api/cluster", json().on("GET", guards.reading((request, none) -> cluster.get())));
    paths.put(
        "/api/cluster/safe", json().on("GET", guards.reading((request, none) -> cluster.safe())));
    paths.put(
        "/api/cluster/partitions",
        json().on("GET", guards.reading((request, none) -> cluster.partitions().now())));
    paths.put(
        "/api/placement",
        json().on("GET", guards.reading((request, none) -> placement.get(request).now())));
  }

  /** The secret is checked first, then the cluster that the sender belongs to. */
  private static void addInside(Map<String, Endpoint> paths, PeerRequests peers, Access access) {
    Function<Handler, Handler> member = Guards.guarded(access::refuseStranger);
    Function<Handler, Handler> peer = member.compose(Guards.guarded(access::refuseOtherCluster));
    Function<Handler, Handler> tableHolder =
        member.compose(Guards.guarded(access::refuseOtherTable));
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

  private Endpoint ofEntry(EntryRequests requests, int valueLimit) {
    return Endpoint.ofAny()
        .on("GET", guards.of(Right.READ, requests::get))
        .on("HEAD", guards.of(Right.READ, requests::head))
        .on("PUT", guards.of(Right.WRITE, requests::put))
        .on("DELETE", guards.of(Right.WRITE, requests::delete))
        .on("PATCH", guards.of(Right.WRITE, requests::patch))
        .most(valueLimit)
        .frequent();
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
    if (path.startsWith(ConsoleFiles.PATH) || path.equals(CONSOLE)) {
      return new Match(console, NO_PARTS);
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
