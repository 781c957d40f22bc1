package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Planned changes of members lose nothing and answer nothing wrong. */
class TransferIT {
  private static final int KEYS = 300;

  private final Cluster cluster = Cluster.shared();
  private final String cache = Entries.fresh("transfer");
  private final List<String> keys = IntStream.range(0, KEYS).mapToObj(i -> "entry-" + i).toList();

  @AfterEach
  void whole() {
    cluster.awaitMembers("a", "b");
  }

  @Test
  void joinAndDrain_underTraffic_keepEveryEntryWithAllThatIsSaidOfIt() {
    List<HttpResponse<String>> before = keys.stream().map(this::put).toList();
    List<String> claimed = IntStream.range(0, 50).mapToObj(i -> "claimed-" + i).toList();
    claimed.forEach(key -> assertThat(state(cluster.a, key)).isEqualTo("winner"));
    try (Clients clients = new Clients(cache, 200, 11, List.of(cluster.a, cluster.b));
        Server c = cluster.node("c", Map.of())) {
      cluster.awaitMembers("a", "b", "c");
      assertSame(before, c);
      assertThat(entriesOf(c)).isGreaterThan(KEYS / 6L);
      claimed.forEach(key -> assertThat(state(c, key)).as(key).isEqualTo("pending"));
      invalidated(c);
      assertThat(drain(cluster.a, "c").statusCode()).isEqualTo(202);
      awaitGone(c);
      assertSame(before, cluster.a);
      assertSame(before, c);
      claimed.forEach(key -> assertThat(state(cluster.b, key)).as(key).isEqualTo("pending"));
      clients.finish();
      assertThat(clients.wrong()).isEmpty();
      assertThat(clients.unavailable() * 1000)
          .as("503: " + clients.reasons())
          .isLessThan(clients.requests());
      clients.assertLinearizable(Set.of());
    }
  }

  /** What leads from one table to the next; the last are kept. */
  private void assertChangesAreKnown(long epoch) {
    String changes = cluster.uplinkUrl() + "/table/changes/";
    JsonNode last = Http.json(secret(changes + (epoch - 1)));
    assertThat(last.get("base").longValue()).isEqualTo(epoch - 1);
    Entries.assertProblem(secret(changes + epoch), 404, "epoch " + epoch);
    Entries.assertProblem(secret(changes + (epoch + 100)), 404, "not known");
    assertThat(Http.get(changes + epoch).statusCode()).isEqualTo(401);
  }

  private static HttpResponse<String> secret(String url) {
    return Http.send("GET", url, null, "Authorization", "Bearer " + Cluster.SECRET);
  }

  @Test
  void sigterm_handsEverythingOver() {
    try (Server c = cluster.node("c", Map.of())) {
      cluster.awaitMembers("a", "b", "c");
      List<HttpResponse<String>> before = keys.stream().map(this::put).toList();
      c.terminate();
      assertThat(c.log())
          .contains("hands everything over before it ends", "all partitions are handed over");
      cluster.awaitMembers("a", "b");
      assertSame(before, cluster.b);
    }
    assertChangesAreKnown(Cluster.view(cluster.a).get("epoch").longValue());
  }

  /** Large values of other tests would take minutes at the rate of a slow node. */
  private void dropAllCaches() {
    for (JsonNode each : CachesIT.list(cluster.a)) {
      String one = cluster.a.url() + "/api/caches/" + each.get("cache").textValue();
      assertThat(Http.administer("DELETE", one, null).statusCode()).isEqualTo(204);
    }
  }

  @Test
  @Tag(Cluster.SHARDS)
  void join_whileSlowlyHandedOver_servesWhatIsNotHereYet() {
    dropAllCaches();
    Server slow = cluster.node("slow", Map.of("SMACHE_TRANSFER_RATE", "10000"));
    try (slow) {
      cluster.awaitMembers("a", "b", "slow");
      List<HttpResponse<String>> before = keys.stream().map(this::put).toList();
      drain(cluster.a, "slow");
      await("partitions leave")
          .atMost(Server.TIMEOUT)
          .until(() -> member(cluster.a, "slow").get("leaving").intValue() > 0);
      Entries.put(cluster.b, cache, "entry-1", "newer");
      assertThat(Http.send("DELETE", Entries.one(cluster.b, cache, "entry-2"), null).statusCode())
          .isEqualTo(204);
      assertThat(Entries.get(cluster.b, cache, "entry-3").body()).isEqualTo(before.get(3).body());
      assertThat(Http.get(cluster.a.url() + "/api/cluster/safe").statusCode()).isEqualTo(503);
      assertThat(
              Http.send("DELETE", Entries.all(cluster.a, cache) + "?group=odd", null).statusCode())
          .isEqualTo(204);
      awaitGone(slow);
      assertThat(Entries.get(cluster.a, cache, "entry-1").body()).isEqualTo("newer");
      for (int i = 2; i < KEYS; i++) {
        int expected = i == 2 || i % 2 == 1 ? 404 : 200;
        assertThat(Entries.get(cluster.b, cache, "entry-" + i).statusCode())
            .as("entry-" + i)
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void drain_unknown_isRefused() {
    Entries.assertProblem(drain(cluster.a, "nobody"), 404, "nobody");
    Entries.assertProblem(drain(cluster.a, "a%20b"), 404, "name");
    Entries.assertProblem(drain(cluster.a, "%22"), 404, "name");
    assertThat(Http.get(cluster.a.url() + "/api/cluster/members/a/drain").statusCode())
        .isEqualTo(405);
  }

  /** In a cluster of its own: nobody is left to take its entries. */
  @Test
  void drain_ofTheLastMember_isRefused() {
    int uplinkPort = Server.freePort();
    int nodePort = Server.freePort();
    Map<String, String> settings =
        Map.of(
            "SMACHE_SECRET",
            Cluster.SECRET,
            "UPLINK_URL",
            "http://127.0.0.1:%d/uplink".formatted(uplinkPort),
            "NODE_NAME",
            "last",
            "NODE_URL",
            "http://127.0.0.1:" + nodePort,
            "SMACHE_LEASE_SECONDS",
            "2");
    try (Server uplink = Server.uplink(Host.LOOPBACK, uplinkPort, settings);
        Server last = Server.node("last", nodePort, settings)) {
      uplink.awaitAnswer("/uplink/healthcheck");
      last.awaitAnswer("/healthcheck/ready");
      Entries.assertProblem(drain(last, "last"), 409, "last");
      assertThat(Http.get(last.url() + "/healthcheck/ready").statusCode()).isEqualTo(200);
      assertThat(Entries.put(last, cache, "k", "v").statusCode()).isEqualTo(201);
    }
  }

  private String state(Server node, String key) {
    return Http.header(
        Http.send("GET", Entries.one(node, cache, key) + "?lease=5m", null), "Smache-State");
  }

  /** Lets half of the entries live for ever, and half for an hour; odd ones are in a group. */
  private HttpResponse<String> put(String key) {
    int number = Integer.parseInt(key.substring("entry-".length()));
    String url = Entries.one(cluster.a, cache, key) + (number % 4 < 2 ? "?ttl=1h" : "");
    HttpResponse<String> put =
        number % 2 == 1
            ? Http.send("PUT", url, "value " + key, "Cache-Groups", "\"odd\"")
            : Http.send("PUT", url, "value " + key);
    assertThat(put.statusCode()).isEqualTo(201);
    return Entries.get(cluster.b, cache, key);
  }

  private void assertSame(List<HttpResponse<String>> before, Server node) {
    for (int i = 0; i < KEYS; i++) {
      HttpResponse<String> then = before.get(i);
      HttpResponse<String> now = Entries.get(node, cache, keys.get(i));
      assertThat(now.statusCode()).as(keys.get(i)).isEqualTo(200);
      assertThat(now.body()).isEqualTo(then.body());
      assertThat(Entries.etag(now)).isEqualTo(Entries.etag(then));
      assertThat(Http.header(now, "Cache-Groups")).isEqualTo(Http.header(then, "Cache-Groups"));
      assertThat(Http.header(now, "Last-Modified")).isEqualTo(Http.header(then, "Last-Modified"));
      boolean ends = Http.header(then, "Cache-Control").startsWith("max-age=");
      assertThat(Http.header(now, "Cache-Control").startsWith("max-age=3")).isEqualTo(ends);
    }
  }

  /** What was invalidated where it came to is gone, and what was written since is not. */
  private void invalidated(Server node) {
    String other = Entries.fresh("invalidated");
    Http.send("PUT", Entries.one(node, other, "old"), "x", "Cache-Groups", "\"g\"");
    assertThat(Http.send("DELETE", Entries.all(node, other) + "?group=g", null).statusCode())
        .isEqualTo(204);
    assertThat(Entries.get(cluster.a, other, "old").statusCode()).isEqualTo(404);
  }

  private static HttpResponse<String> drain(Server node, String name) {
    return Http.administer("POST", node.url() + "/api/cluster/members/" + name + "/drain", null);
  }

  private void awaitGone(Server node) {
    cluster.awaitMembers("a", "b");
    await("left")
        .atMost(Server.TIMEOUT)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> Http.get(node.url() + "/healthcheck/ready").statusCode() == 503);
  }

  private static JsonNode member(Server node, String name) {
    for (JsonNode member : Cluster.view(node).get("members")) {
      if (member.get("name").textValue().equals(name)) {
        return member;
      }
    }
    throw new AssertionError("no member " + name);
  }

  private static long entriesOf(Server node) {
    return member(node, "c").get("entries").longValue();
  }
}
