package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * The headline: entries put into one node are all there, byte for byte, with all that is said of
 * them, when the cluster has grown to four nodes and shrunk to two while clients worked.
 */
class GrowIT {
  private static final int ENTRIES = Integer.getInteger("smache.grow.entries", 20_000);
  private static final int BATCH = 2000;

  /** How many latencies a 99th percentile is made of. */
  private static final int SAMPLES = 2000;

  private static final String CACHE = "headline";
  private static final String HEAP = ENTRIES > 100_000 ? "1500m" : "384m";

  private final int uplinkPort = Server.freePort();
  private final List<Server> nodes = new ArrayList<>();
  private final List<String> etags = new ArrayList<>(ENTRIES);

  @Test
  void grownToFourAndShrunkToTwo_everythingIsThere() {
    Map<String, String> settings =
        Map.of("SMACHE_SECRET", Cluster.SECRET, "SMACHE_LEASE_SECONDS", "3");
    try (Server uplink = Server.uplink(Host.LOOPBACK, uplinkPort, settings)) {
      uplink.awaitAnswer("/uplink/healthcheck");
      begin().awaitAnswer("/healthcheck/ready");
      awaitMembers(1);
      fill();
      long full = entries(nodes.get(0));
      assertThat(full).isEqualTo(ENTRIES);
      AtomicInteger next = new AtomicInteger();
      try (Clients clients = new Clients("traffic", 200, 3, List.of(nodes.get(0)));
          Latencies latencies = new Latencies(() -> assertThereOrMoving(next.getAndAdd(7919)))) {
        latencies.p99(SAMPLES);
        long quiet = latencies.p99(SAMPLES);
        while (nodes.size() < 4) {
          Server node = begin();
          node.awaitAnswer("/healthcheck/ready");
          long booting = latencies.p99(1);
          awaitMembers(nodes.size());
          say(
              "p99 of GET: %d us quiet, %d us while a server started, %d us while entries moved"
                  .formatted(quiet, booting, latencies.p99(1)));
        }
        assertThat(entries(nodes.get(0))).as("memory is back").isLessThan(full / 2);
        drain(nodes.get(3));
        drain(nodes.get(2));
        say(
            "shrunk to 2; %d requests meanwhile, %d of them 503"
                .formatted(clients.requests(), clients.unavailable()));
        clients.finish();
        assertThat(clients.wrong()).isEmpty();
        clients.assertLinearizable(Set.of());
      }
      assertAllThere(nodes.get(0));
      assertAllThere(nodes.get(1));
    } finally {
      nodes.forEach(Server::kill);
    }
  }

  private Server begin() {
    int port = Server.freePort();
    String name = "grow-" + nodes.size();
    Server node =
        Server.node(
            name,
            port,
            Map.of(
                "NODE_NAME",
                name,
                "NODE_URL",
                "http://127.0.0.1:" + port,
                "UPLINK_URL",
                "http://127.0.0.1:" + uplinkPort + "/uplink",
                "SMACHE_SECRET",
                Cluster.SECRET,
                "SMACHE_HEAP",
                HEAP));
    nodes.add(node);
    return node;
  }

  private void drain(Server node) {
    int members = Cluster.members(Cluster.view(nodes.get(0))).size();
    String url = nodes.get(0).url() + "/api/cluster/members/grow-" + nodes.indexOf(node) + "/drain";
    assertThat(Http.administer("POST", url, null).statusCode()).isEqualTo(202);
    awaitMembers(members - 1);
    assertThat(entries(node)).as("memory is back").isZero();
  }

  private void awaitMembers(int members) {
    long began = System.nanoTime();
    await(members + " members and nothing moves")
        .atMost(Duration.ofMinutes(10))
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .until(
            () ->
                Http.get(nodes.get(0).url() + "/api/cluster/safe").statusCode() == 200
                    && Cluster.view(nodes.get(0)).get("members").findValuesAsText("state").stream()
                            .filter("active"::equals)
                            .count()
                        == members);
    say(
        "%d members and nothing moves after %d ms"
            .formatted(members, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began)));
  }

  private static void say(String line) {
    System.out.println("GrowIT: " + line);
  }

  /** While entries move, few requests may be asked to come again. */
  private void assertThereOrMoving(int number) {
    HttpResponse<String> response =
        Entries.get(nodes.get(0), CACHE, key(Math.floorMod(number, ENTRIES)));
    assertThat(response.statusCode()).as(response.body()).isIn(200, 503);
  }

  private void fill() {
    for (int from = 0; from < ENTRIES; from += BATCH) {
      StringBuilder batch = new StringBuilder("[");
      for (int i = from; i < from + BATCH; i++) {
        batch
            .append(i == from ? "" : ",")
            .append("{\"op\":\"put\",\"key\":\"")
            .append(key(i))
            .append("\",\"value\":")
            .append(value(i))
            .append(i % 2 == 0 ? ",\"ttl\":\"2h\"" : "")
            .append(i % 3 == 0 ? ",\"groups\":[\"third\"]}" : "}");
      }
      for (JsonNode result : send(nodes.get(0), batch.append(']').toString())) {
        assertThat(result.get("status").intValue()).isEqualTo(201);
        etags.add(result.get("etag").textValue());
      }
    }
  }

  private void assertAllThere(Server node) {
    for (int from = 0; from < ENTRIES; from += BATCH) {
      StringBuilder batch = new StringBuilder("[");
      for (int i = from; i < from + BATCH; i++) {
        batch.append(i == from ? "" : ",").append("{\"op\":\"get\",\"key\":\"").append(key(i));
        batch.append("\"}");
      }
      JsonNode results = send(node, batch.append(']').toString());
      for (int i = from; i < from + BATCH; i++) {
        JsonNode result = results.get(i - from);
        assertThat(result.get("status").intValue()).as(key(i)).isEqualTo(200);
        assertThat(result.get("value").toString()).isEqualTo(value(i));
        assertThat(result.get("etag").textValue()).isEqualTo(etags.get(i));
        assertThat(result.has("groups")).isEqualTo(i % 3 == 0);
        assertThat(result.has("ttl")).isEqualTo(i % 2 == 0);
        if (i % 2 == 0) {
          assertThat(result.get("ttl").doubleValue()).isBetween(3600.0, 7200.0);
        }
      }
    }
    say(ENTRIES + " entries read back at " + node.url() + ": none lost, none wrong");
  }

  private static JsonNode send(Server node, String batch) {
    HttpResponse<String> response =
        Http.send(
            "POST",
            node.url() + "/api/caches/" + CACHE + "/batch",
            batch,
            "Content-Type",
            "application/json");
    assertThat(response.statusCode()).isEqualTo(200);
    return Http.json(response);
  }

  private static String key(int number) {
    return "entry-%010d".formatted(number);
  }

  private static String value(int number) {
    StringBuilder letters = new StringBuilder(100);
    new Random(number).ints(98, 'a', 'z').forEach(letters::appendCodePoint);
    return "\"" + letters + "\"";
  }

  private static long entries(Server node) {
    JsonNode members = Cluster.view(node).get("members");
    String port = node.url().substring(node.url().lastIndexOf(':'));
    for (JsonNode member : members) {
      if (member.path("url").asText("").endsWith(port) && member.has("entries")) {
        return member.get("entries").asLong(0);
      }
    }
    return 0;
  }
}
