package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Three nodes with a grid and one copy beside the owner's: what is acknowledged outlives a crash.
 */
@Tag(Cluster.GRID)
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class) // the last ones leave nodes dead
class GridIT {
  private static final String CACHE = "/api/caches/grid/entries";
  private static final int WRITERS = 4;
  private static final int ENTRIES = 200;

  /** What each key must have; not those whose last write got no answer that counts. */
  private final Map<String, String> acknowledged = new ConcurrentSkipListMap<>();

  /** Why writes got 503. */
  private final Queue<String> refusals = new ConcurrentLinkedQueue<>();

  private Server uplink;
  private List<Server> nodes;

  @BeforeAll
  void start() {
    Map<String, String> settings =
        Map.of("SMACHE_SECRET", Cluster.SECRET, "SMACHE_LEASE_SECONDS", "2");
    uplink = Server.uplink(Host.LOOPBACK, Server.freePort(), settings);
    nodes = List.of(node("x", Map.of()), node("y", Map.of()), node("z", Map.of()));
    GridNodes.awaitWhole(nodes);
  }

  private Server node(String name, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(Map.of("SMACHE_GRID_MINIMUM", "2"));
    settings.putAll(more);
    return GridNodes.begin(name, uplink, settings);
  }

  @AfterAll
  void stop() {
    nodes.forEach(Server::close);
    uplink.close();
  }

  /**
   * What the others said while it stood still, it hears all at once: copies are not to go back. The
   * one that is lost then is the owner of some of them.
   */
  @Test
  @Order(3)
  void pause_ofANode_losesNothingWhenAnotherCrashes() throws Exception {
    Server paused = nodes.get(1);
    underWrites(paused, others(paused), () -> standStill(paused));
    assertThatAllIsThere(nodes);
    awaitAgreement();
    crash(nodes.get(0));
    nodes.get(0).restart();
    GridNodes.awaitWhole(nodes);
    assertThatAllIsThere(nodes);
  }

  /** Longer than the others wait for an answer, not so long that they go on without it. */
  private void standStill(Server node) {
    node.pause();
    try {
      await().atMost(Server.TIMEOUT).until(() -> !refusals.isEmpty());
    } finally {
      node.resume();
    }
  }

  /** Of writes that were given up, as well: done or not, but everywhere. */
  private void awaitAgreement() {
    await()
        .atMost(Server.TIMEOUT)
        .untilAsserted(
            () -> assertThat(listed(nodes.get(0))).allSatisfy(this::assertThatNodesAgree));
  }

  private void assertThatNodesAgree(String key) {
    assertThat(
            nodes.stream().map(each -> Http.get(each.url() + CACHE + "/" + key).body()).distinct())
        .as(key)
        .hasSize(1);
  }

  private List<Server> others(Server one) {
    return nodes.stream().filter(each -> each != one).toList();
  }

  /** One dies under writes and comes back, then another does. */
  @Test
  @Order(4)
  void crash_ofAnyNode_losesNothingThatWasAcknowledged() throws Exception {
    for (int i = 0; i < ENTRIES; i++) {
      write(nodes.get(i % nodes.size()), "before-" + i, "value");
    }
    assertThatAllIsThere(nodes);
    assertThat(owner(nodes.get(1))).isEqualTo(owner(nodes.get(0))).isIn("x", "y", "z");
    crash(nodes.get(2));
    nodes.get(2).restart();
    GridNodes.awaitWhole(nodes);
    assertThatAllIsThere(nodes);
    crash(nodes.get(0));
  }

  private void crash(Server victim) throws Exception {
    List<Server> others = others(victim);
    underWrites(victim, others, victim::kill);
    GridNodes.awaitWhole(others);
    assertThatAllIsThere(others);
    System.out.printf("a crash: %d of the writes 503%n", refusals.size());
    refusals.clear();
  }

  /** Each node hands over before it ends, and gets its share when it is back. */
  @Test
  @Order(2)
  void restart_ofAllNodesInTurn_losesNothingAndRefusesNothing() throws Exception {
    for (Server each : nodes) {
      List<Server> others = others(each);
      underWrites(each, others, each::terminate);
      assertThat(each.log()).contains("all partitions are handed over");
      GridNodes.awaitWhole(others);
      assertThatAllIsThere(others);
      each.restart();
      GridNodes.awaitWhole(nodes);
    }
    assertThatAllIsThere(nodes);
    assertThat(refusals).as("503").isEmpty();
  }

  @Test
  @Order(1)
  void cluster_saysWhoOwnsHowMuchOfTheGrid() {
    for (Server each : nodes) {
      JsonNode members = Cluster.view(each).get("members");
      int sum = 0;
      for (JsonNode member : members) {
        int partitions = member.get("partitions").intValue();
        assertThat(partitions).as(member.toString()).isPositive();
        sum += partitions;
      }
      assertThat(sum).isEqualTo(1024);
    }
  }

  @Test
  @Order(1)
  void join_withOtherSettings_isRefusedAndSaysWhatToChange() {
    String taken = Integer.toString(nodes.get(0).port());
    try (Server copies = node("copies", Map.of("SMACHE_BACKUPS", "2"));
        Server shards = node("shards", Map.of("SMACHE_ENGINE", "shards"));
        Server port = node("port", Map.of("SMACHE_GRID_PORT", taken))) {
      for (Server stranger : List.of(copies, shards)) {
        stranger.awaitLog("set them alike");
        assertThat(Http.get(stranger.url() + "/healthcheck/ready").statusCode()).isEqualTo(503);
      }
      port.awaitLog("is SMACHE_GRID_PORT free");
      HttpResponse<String> ready = Http.get(port.url() + "/healthcheck/ready");
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.body()).contains("is SMACHE_GRID_PORT free");
    }
    GridNodes.awaitWhole(nodes);
  }

  /** Half of two may be behind a cut, so the other half waits for it, or for its successor. */
  @Test
  @Order(5)
  void half_isLost_theOtherServesWhenItIsBack() {
    nodes.get(1).kill();
    Server last = nodes.get(2);
    await()
        .atMost(Server.TIMEOUT)
        .until(() -> Http.get(last.url() + CACHE + "/before-1").statusCode() == 503);
    Entries.assertProblem(
        Http.send("PUT", last.url() + CACHE + "/before-1", "x"), 503, "cut off from most");
    nodes.get(0).restart();
    nodes.get(1).restart();
    GridNodes.awaitWhole(nodes);
    assertThatAllIsThere(nodes);
  }

  @Test
  @Order(6)
  void members_fewerThanTheMinimum_serveNothingAndSayWhy() {
    nodes.get(0).terminate();
    nodes.get(1).terminate();
    Server last = nodes.get(2);
    await()
        .atMost(Server.TIMEOUT)
        .until(() -> Http.get(last.url() + CACHE + "/before-1").statusCode() == 503);
    HttpResponse<String> refused = Http.send("PUT", last.url() + CACHE + "/before-1", "x");
    Entries.assertProblem(refused, 503, "has 1 members", "SMACHE_GRID_MINIMUM asks for 2");
    assertThat(Http.header(refused, "Retry-After")).isNotEmpty();
    HttpResponse<String> ready = Http.get(last.url() + "/healthcheck/ready");
    assertThat(ready.statusCode()).isEqualTo(503);
    assertThat(ready.body()).contains("SMACHE_GRID_MINIMUM");
  }

  private static String owner(Server asked) {
    return Http.json(Http.get(asked.url() + "/api/placement?key=abcd")).get("node").textValue();
  }

  private boolean write(Server node, String key, String value) {
    acknowledged.remove(key);
    boolean done = isDone(Http.send("PUT", node.url() + CACHE + "/" + key, value));
    if (done) {
      acknowledged.put(key, value);
    }
    return done;
  }

  private boolean isDone(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isIn(200, 201, 204, 503);
    if (response.statusCode() == 503) {
      refusals.add(Instant.now() + " " + response.body());
    }
    return response.statusCode() != 503;
  }

  /** Each writer goes on until it was served many times after the end; all count together. */
  private void underWrites(Server victim, List<Server> others, Runnable end) throws Exception {
    String counter = "/counter-" + victim.port() + "-" + System.nanoTime();
    AtomicBoolean ended = new AtomicBoolean();
    AtomicLong counted = new AtomicLong();
    AtomicLong unknown = new AtomicLong();
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
                  boolean after = ended.get();
                  String key = victim.port() + "-" + writer + "-" + n % ENTRIES;
                  boolean done = write(node, key, Integer.toString(n));
                  served += after && done ? 1 : 0;
                  boolean added =
                      isDone(Http.send("POST", node.url() + CACHE + counter + "/increment", null));
                  (added ? counted : unknown).incrementAndGet();
                }
              }));
    }
    await().atMost(Server.TIMEOUT).until(() -> counted.get() > ENTRIES);
    end.run();
    ended.set(true);
    for (Future<?> each : writers) {
      each.get();
    }
    threads.shutdown();
    long value = Long.parseLong(Http.get(others.get(0).url() + CACHE + counter).body());
    assertThat(value).isBetween(counted.get(), counted.get() + unknown.get());
  }

  private void assertThatAllIsThere(List<Server> members) {
    for (Server each : members) {
      acknowledged.forEach(
          (key, value) ->
              assertThat(Http.get(each.url() + CACHE + "/" + key).body())
                  .as("%s at %s", key, each.url())
                  .isEqualTo(value));
    }
    assertThat(listed(members.get(0))).containsAll(acknowledged.keySet());
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
