package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * Three nodes with a grid and one copy beside the owner's: what is acknowledged outlives a crash.
 */
@Tag(Cluster.GRID)
@TestInstance(Lifecycle.PER_CLASS)
class GridIT {
  private static final String CACHE = "/api/caches/grid/entries";
  private static final int WRITERS = 4;
  private static final int ENTRIES = 500;

  private final Set<String> acknowledged = new ConcurrentSkipListSet<>();
  private Server uplink;
  private List<Server> nodes;

  @BeforeAll
  void start() {
    Map<String, String> settings =
        Map.of("SMACHE_SECRET", Cluster.SECRET, "SMACHE_LEASE_SECONDS", "2");
    uplink = Server.uplink(Host.LOOPBACK, Server.freePort(), settings);
    nodes = List.of(node("x"), node("y"), node("z"));
    awaitWhole(nodes);
  }

  private Server node(String name) {
    int port = Server.freePort();
    Map<String, String> environment = new HashMap<>();
    environment.put("NODE_NAME", name);
    environment.put("NODE_URL", "http://127.0.0.1:" + port);
    environment.put(Server.FRONT, Integer.toString(port));
    environment.put("UPLINK_URL", uplink.url() + "/uplink");
    environment.put("SMACHE_SECRET", Cluster.SECRET);
    environment.put("SMACHE_ENGINE", "grid");
    environment.put("SMACHE_GRID_PORT", Integer.toString(Server.freePort()));
    return Server.node(name, port, environment);
  }

  @AfterAll
  void stop() {
    nodes.forEach(Server::close);
    uplink.close();
  }

  private static void awaitWhole(List<Server> members) {
    for (Server each : members) {
      each.awaitAnswer("/healthcheck/ready");
      await("all members at " + each.url())
          .atMost(Server.TIMEOUT)
          .pollInterval(Duration.ofMillis(200))
          .ignoreExceptions()
          .until(
              () ->
                  Cluster.members(Cluster.view(each)).size() == members.size()
                      && Http.get(each.url() + "/api/cluster/safe").statusCode() == 200);
    }
  }

  /** One dies under writes and comes back, then another does. */
  @Test
  void crash_ofAnyNode_losesNothingThatWasAcknowledged() throws Exception {
    for (int i = 0; i < ENTRIES; i++) {
      write(nodes.get(i % nodes.size()), "before-" + i);
    }
    assertThatAllIsThere(nodes);
    assertThat(owner(nodes.get(1))).isEqualTo(owner(nodes.get(0))).isIn("x", "y", "z");
    crash(nodes.get(2));
    nodes.get(2).restart();
    awaitWhole(nodes);
    assertThatAllIsThere(nodes);
    crash(nodes.get(0));
  }

  private void crash(Server victim) throws Exception {
    List<Server> others = nodes.stream().filter(each -> each != victim).toList();
    killUnderWrites(victim, others);
    awaitWhole(others);
    assertThatAllIsThere(others);
  }

  private static String owner(Server asked) {
    return Http.json(Http.get(asked.url() + "/api/placement?key=abcd")).get("node").textValue();
  }

  private boolean write(Server node, String key) {
    HttpResponse<String> response = Http.send("PUT", node.url() + CACHE + "/" + key, key);
    assertThat(response.statusCode()).as(response.body()).isIn(201, 204, 503);
    boolean done = response.statusCode() != 503;
    if (done) {
      acknowledged.add(key);
    }
    return done;
  }

  /** Each writer goes on until it was served many times after the crash. */
  private void killUnderWrites(Server victim, List<Server> others) throws Exception {
    AtomicBoolean killed = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    List<Future<?>> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      int writer = i;
      Server node = others.get(i % others.size());
      writers.add(
          threads.submit(
              () -> {
                int served = 0;
                for (int n = 0; served < ENTRIES; n++) {
                  boolean after = killed.get();
                  boolean done = write(node, victim.port() + "-" + writer + "-" + n);
                  served += after && done ? 1 : 0;
                }
              }));
    }
    int known = acknowledged.size();
    await().atMost(Server.TIMEOUT).until(() -> acknowledged.size() > known + ENTRIES);
    victim.kill();
    killed.set(true);
    for (Future<?> each : writers) {
      each.get();
    }
    threads.shutdown();
  }

  private void assertThatAllIsThere(List<Server> members) {
    for (Server each : members) {
      for (String key : acknowledged) {
        assertThat(Http.get(each.url() + CACHE + "/" + key).body()).isEqualTo(key);
      }
    }
    assertThat(listed(members.get(0))).containsAll(acknowledged);
  }

  /** Returns all keys of the list, each of which is in it once. */
  private static Set<String> listed(Server node) {
    Set<String> keys = new TreeSet<>();
    String cursor = "";
    do {
      JsonNode page = Http.json(Http.get(node.url() + CACHE + "?limit=1000" + cursor));
      page.get("entries")
          .forEach(each -> assertThat(keys.add(each.get("key").textValue())).isTrue());
      cursor = page.has("cursor") ? "&cursor=" + page.get("cursor").textValue() : "";
    } while (!cursor.isEmpty());
    return keys;
  }
}
