package io.smache.tests;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * One uplink and two nodes, {@code a} with SHARD_LIMIT 4 and a front, {@code b} with 7 and without
 * a front and the fast path: so a test on both nodes is one of both doors. On a grid there is a
 * third node, {@code g}, so that no node has a copy of everything. Each of the two clusters is
 * started once for all tests, each of which leaves it whole.
 */
final class Cluster {
  static final String SECRET = "only-for-the-tests-0123456789";

  /** Marks tests of what only this engine does yet: who answers, bounds of caches, counters. */
  static final String SHARDS = "shards";

  /** Marks tests of nodes that keep entries in a grid. */
  static final String GRID = "grid";

  private static final Duration THREE_LEASES = Duration.ofSeconds(6);

  private static final String WITHOUT_FRONT = "b";

  /** Where its nodes keep entries; {@code -Dsmache.engine=grid} changes it. */
  private static final String ENGINE = System.getProperty("smache.engine", "shards");

  private static @Nullable Cluster shared;
  private static @Nullable Cluster networked;

  final Server uplink;
  final Server a;
  final Server b;
  private final Function<String, Host> hosts;

  /** Who is a member beside those that tests name: a grid has keys that are at neither of two. */
  private final Set<String> always = new HashSet<>();

  private Cluster() {
    this(name -> Host.LOOPBACK);
  }

  private Cluster(Function<String, Host> hosts) {
    this.hosts = hosts;
    Map<String, String> settings = Map.of("SMACHE_SECRET", SECRET, "SMACHE_LEASE_SECONDS", "2");
    uplink = Server.uplink(hosts.apply("uplink"), Server.freePort(), settings);
    a = node("a", Map.of("SHARD_LIMIT", "4"));
    b = node("b", Map.of("SHARD_LIMIT", "7", "SMACHE_FAST_PATH", "false"));
    if (isGrid()) {
      always.add("g");
      node("g", Map.of());
    }
    awaitMembers("a", "b");
  }

  static synchronized Cluster shared() {
    if (shared == null) {
      shared = new Cluster();
    }
    return shared;
  }

  /** Returns the cluster whose servers are on hosts of the shared network. */
  static synchronized Cluster networked() {
    if (networked == null) {
      networked = new Cluster(Network.shared()::host);
    }
    return networked;
  }

  /** Returns whether its nodes keep entries in a grid. */
  static boolean isGrid() {
    return ENGINE.equals(GRID);
  }

  static Stream<Server> nodes() {
    return Stream.of(shared().a, shared().b);
  }

  String uplinkUrl() {
    return uplink.url() + "/uplink";
  }

  /** Starts one more node of that name; it has a front. */
  Server node(String name, Map<String, String> more) {
    Host host = hosts.apply(name);
    int port = Server.freePort();
    Map<String, String> environment = new HashMap<>(more);
    environment.put("NODE_NAME", name);
    environment.put("NODE_URL", host.url(port));
    if (!name.equals(WITHOUT_FRONT)) {
      environment.put(Server.FRONT, Integer.toString(port));
    }
    environment.put("SMACHE_ENGINE", ENGINE);
    if (isGrid()) {
      environment.put("SMACHE_GRID_PORT", Integer.toString(Server.freePort()));
    }
    environment.put("UPLINK_URL", uplinkUrl());
    environment.put("SMACHE_SECRET", SECRET);
    environment.put("SMACHE_MAX_VALUE_BYTES", "1048576");
    return Server.node(name, host, port, environment);
  }

  /** Waits until a and b have one table, and in it exactly these members. */
  void awaitMembers(String... names) {
    Set<String> all = new HashSet<>(always);
    all.addAll(List.of(names));
    await("members " + all)
        .atMost(Server.TIMEOUT)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .until(
            () -> {
              JsonNode one = view(a);
              JsonNode other = view(b);
              return one.get("epoch").equals(other.get("epoch"))
                  && members(one).equals(all)
                  && members(other).equals(all)
                  && Http.get(a.url() + "/api/cluster/safe").statusCode() == 200;
            });
  }

  /** Returns when three leases could have ended. */
  static void letLeasesEnd() {
    long began = System.nanoTime();
    await().atMost(Server.TIMEOUT).until(() -> System.nanoTime() - began > THREE_LEASES.toNanos());
  }

  /** Waits until uplink publishes a table. */
  void awaitUplink() {
    await("uplink publishes")
        .atMost(Server.TIMEOUT)
        .ignoreExceptions()
        .until(
            () ->
                Http.send(
                            HttpRequest.newBuilder(URI.create(uplinkUrl() + "/table"))
                                .header("Authorization", "Bearer " + SECRET))
                        .statusCode()
                    == 200);
  }

  /** Returns the name of the node that owns a key, as a knows it. */
  String owner(String key) {
    return Http.json(Http.get(a.url() + "/api/placement?key=" + key)).get("node").textValue();
  }

  static JsonNode view(Server node) {
    return Http.json(Http.get(node.url() + "/api/cluster"));
  }

  static Set<String> members(JsonNode view) {
    return StreamSupport.stream(view.get("members").spliterator(), false)
        .filter(member -> member.get("state").textValue().equals("active"))
        .map(member -> member.get("name").textValue())
        .collect(Collectors.toSet());
  }
}
