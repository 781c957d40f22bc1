package io.smache.tests;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Nodes that keep entries in a grid, for tests that end some of them. */
final class GridNodes {
  private static final Duration SETTLED = Duration.ofMinutes(10);

  private GridNodes() {}

  /** Starts one, with settings beside those that every node needs. */
  static Server begin(String name, Server uplink, Map<String, String> more) {
    int port = Server.freePort();
    Map<String, String> environment = new HashMap<>();
    environment.put("NODE_NAME", name);
    environment.put("NODE_URL", "http://127.0.0.1:" + port);
    environment.put(Server.FRONT, Integer.toString(port));
    environment.put("UPLINK_URL", uplink.url() + "/uplink");
    environment.put("SMACHE_SECRET", Cluster.SECRET);
    environment.put("SMACHE_ENGINE", "grid");
    environment.put("SMACHE_GRID_PORT", Integer.toString(Server.freePort()));
    environment.putAll(more);
    return Server.node(name, port, environment);
  }

  /** Waits until these are all members, and every entry has all its copies. */
  static void awaitWhole(List<Server> members) {
    for (Server each : members) {
      each.awaitAnswer("/healthcheck/ready");
      await("all members at " + each.url())
          .atMost(SETTLED)
          .pollInterval(Duration.ofMillis(200))
          .ignoreExceptions()
          .until(
              () ->
                  Cluster.members(Cluster.view(each)).size() == members.size()
                      && Http.get(each.url() + "/api/cluster/safe").statusCode() == 200);
    }
  }
}
