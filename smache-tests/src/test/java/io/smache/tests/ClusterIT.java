package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** docs/protocol.md, the cluster: forwarding, joins and leaves, uplink away. */
class ClusterIT {
  private static final Duration TWO_LEASES = Duration.ofSeconds(5);

  private final Cluster cluster = Cluster.shared();
  private final List<Server> nodes = List.of(cluster.a, cluster.b);

  @Test
  @Tag(Cluster.SHARDS)
  void cluster_everyNode_showsTheSameTable() {
    JsonNode view = Cluster.view(cluster.a);
    assertThat(view).isEqualTo(Cluster.view(cluster.b));
    assertThat(view.get("epoch").longValue()).isPositive();
    for (JsonNode member : view.get("members")) {
      assertThat(member.get("partitions").intValue()).isEqualTo(512);
      assertThat(member.get("state").textValue()).isEqualTo("active");
      assertThat(member.get("url").textValue()).startsWith("http://127.0.0.1:");
    }
  }

  @Test
  @Tag(Cluster.SHARDS)
  void keys_spreadOverAllNodesAndAreForwarded() {
    Set<String> owners = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      String key = "spread-" + i;
      Server writer = nodes.get(i % 2);
      assertThat(Http.post(writer.url(), entry(key, i)).statusCode()).isEqualTo(200);
      for (Server reader : nodes) {
        JsonNode found = Http.json(Http.getKey(reader.url(), key));
        assertThat(found.get("data").intValue()).isEqualTo(i);
        owners.add(found.get("node").textValue());
      }
    }
    assertThat(owners).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  @Tag(Cluster.SHARDS)
  void node_joinsRestartsAndDies_movesOnlyItsShareAndLeavesNothingOldBehind() {
    List<String> keys = IntStream.range(0, 300).mapToObj(i -> "moving-" + i).toList();
    List<String> before = keys.stream().map(key -> owner(cluster.a, key)).toList();
    keys.forEach(key -> assertThat(put(cluster.a, key, 1)).isEqualTo(200));

    Server c = cluster.node("c", Map.of());
    cluster.awaitMembers("a", "b", "c");
    c.awaitAnswer("/healthcheck/ready");
    List<String> moved =
        IntStream.range(0, keys.size())
            .filter(i -> !owner(cluster.a, keys.get(i)).equals(before.get(i)))
            .mapToObj(keys::get)
            .toList();
    assertThat(moved.size()).isBetween(50, 150);
    for (String key : keys) {
      JsonNode found = Http.json(Http.getKey(c.url(), key));
      assertThat(found.get("node").textValue().equals("c")).isEqualTo(moved.contains(key));
      assertThat(found.get("data").intValue()).as("what moves is not lost").isEqualTo(1);
    }
    moved.forEach(key -> assertThat(put(cluster.b, key, 2)).isEqualTo(200));
    moved.forEach(key -> assertThat(data(cluster.a, key)).isEqualTo(2));

    long epoch = Cluster.view(cluster.a).get("epoch").longValue();
    c.kill();
    c.restart();
    await("a new instance of c")
        .atMost(Server.TIMEOUT)
        .until(() -> Cluster.view(cluster.a).get("epoch").longValue() > epoch);
    c.awaitAnswer("/healthcheck/ready");
    cluster.awaitMembers("a", "b", "c");
    for (String key : moved) {
      JsonNode found = Http.json(Http.getKey(cluster.a.url(), key));
      assertThat(found.get("data").isNull()).as("a restarted node is empty").isTrue();
    }
    List<String> movedLater = keys.stream().filter(key -> owner(c, key).equals("c")).toList();

    c.kill();
    cluster.awaitMembers("a", "b");
    for (String key : moved) {
      for (Server node : nodes) {
        HttpResponse<String> response = Http.getKey(node.url(), key);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(Http.json(response).get("data").isNull()).as("gone with its owner").isTrue();
      }
      assertThat(put(cluster.a, key, 3)).isEqualTo(200);
    }
    keys.stream()
        .filter(key -> !moved.contains(key) && !movedLater.contains(key))
        .forEach(key -> assertThat(data(cluster.b, key)).as("never moved").isEqualTo(1));
  }

  @Test
  void name_takenByALivingNode_isRefusedAndHarmsNobody() {
    try (Server impostor = cluster.node("a", Map.of())) {
      impostor.awaitLog("the name 'a' belongs to the node at " + cluster.a.url());
      impostor.awaitAnswer("/healthcheck");
      assertThat(Http.get(impostor.url() + "/healthcheck").statusCode()).isEqualTo(200);
      assertThat(Http.get(impostor.url() + "/healthcheck/ready").statusCode()).isEqualTo(503);
      HttpResponse<String> refused = Http.getKey(impostor.url(), "1");
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      JsonNode view = Cluster.view(impostor);
      assertThat(view.get("epoch").intValue()).isZero();
      assertThat(view.get("members").get(0).get("state").textValue()).isEqualTo("joining");
    }
    cluster.awaitMembers("a", "b");
    assertThat(put(cluster.b, "still-there", 1)).isEqualTo(200);
  }

  @Test
  void uplink_goneAndBack_noRequestFailsAndNothingMoves() {
    JsonNode before = Cluster.view(cluster.a);
    AtomicInteger requests = new AtomicInteger();
    cluster.uplink.kill();
    long began = System.nanoTime();
    while (System.nanoTime() - began < TWO_LEASES.toNanos()) {
      request(requests);
    }
    cluster.uplink.restart();
    await("uplink publishes the table that it learned")
        .atMost(Server.TIMEOUT)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .until(
            () -> {
              request(requests);
              return uplink("/table", null).statusCode() == 200;
            });
    JsonNode table = Http.json(uplink("/table", null));
    assertThat(table.get("epoch")).isEqualTo(before.get("epoch"));
    assertThat(Cluster.view(cluster.a).get("epoch")).isEqualTo(before.get("epoch"));
    assertThat(Cluster.view(cluster.b).get("clusterId")).isEqualTo(before.get("clusterId"));
    assertThat(requests.get()).isGreaterThan(100);
  }

  @Test
  void member_notReached_isNamedWhereAllAreNeeded() {
    Entries.put(cluster.a, "halted", "k", "x");
    cluster.b.pause();
    HttpResponse<String> refused;
    try {
      refused = Http.send("DELETE", Entries.all(cluster.a, "halted") + "?group=g", null);
    } finally {
      cluster.b.resume();
    }
    // In a grid it holds nowhere before it holds everywhere.
    String where = Cluster.isGrid() ? "a, b, g" : "b";
    Entries.assertProblem(refused, 503, "not invalidated at " + where);
    assertThat(Http.header(refused, "Retry-After")).isEqualTo("1");
    cluster.awaitMembers("a", "b");
    await("safe to repeat")
        .atMost(Server.TIMEOUT)
        .until(
            () ->
                Http.send("DELETE", Entries.all(cluster.a, "halted") + "?group=g", null)
                        .statusCode()
                    == 204);
  }

  @Test
  void table_sameEpoch_is304() {
    HttpResponse<String> table = uplink("/table", null);
    String etag = table.headers().firstValue("ETag").orElseThrow();
    assertThat(etag).isEqualTo("\"" + Http.json(table).get("epoch").longValue() + "\"");
    assertThat(uplink("/table", etag).statusCode()).isEqualTo(304);
    assertThat(uplink("/table", "\"0\"").statusCode()).isEqualTo(200);
  }

  @Test
  void inside_withoutOrWithAWrongSecret_is401() {
    for (String url :
        List.of(
            cluster.uplinkUrl() + "/members",
            cluster.uplinkUrl() + "/table",
            cluster.a.url() + "/internal/member")) {
      assertThat(Http.get(url).statusCode()).as(url).isEqualTo(401);
      assertThat(authorized(url, "Bearer " + Cluster.SECRET + "x").statusCode()).isEqualTo(401);
      assertThat(authorized(url, "Basic " + Cluster.SECRET).statusCode()).isEqualTo(401);
      assertThat(authorized(url, "Bearer " + Cluster.SECRET).statusCode()).isEqualTo(200);
    }
    HttpResponse<String> registration =
        Http.send(
            HttpRequest.newBuilder(URI.create(cluster.uplinkUrl() + "/members/x"))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{}")));
    assertThat(registration.statusCode()).isEqualTo(401);
    for (Server server : List.of(cluster.uplink, cluster.a, cluster.b)) {
      assertThat(server.log()).doesNotContain(Cluster.SECRET);
    }
  }

  @Test
  void registration_malformed_is400AndSaysWhat() {
    for (String body :
        List.of("nonsense", "{}", "[]", "{\"url\":\"nowhere\",\"instance\":\"i\"}")) {
      HttpResponse<String> response =
          Http.send(
              HttpRequest.newBuilder(URI.create(cluster.uplinkUrl() + "/members/x"))
                  .header("Authorization", "Bearer " + Cluster.SECRET)
                  .header("Content-Type", "application/json")
                  .PUT(BodyPublishers.ofString(body)));
      assertThat(response.statusCode()).as(body).isEqualTo(400);
      assertThat(Http.json(response).get("detail").textValue()).isNotBlank();
    }
  }

  @Test
  void deployment_wrongSetting_failsWithOneSentence() {
    Map<Map<String, String>, String> wrong =
        Map.of(
            Map.of("SHARD_LIMIT", ""),
            "SHARD_LIMIT is '' but must be a whole number from 1 to",
            Map.of("SMACHE_PORT", "70000"),
            "SMACHE_PORT is '70000' but must be a whole number",
            Map.of("SMACHE_PORT", Integer.toString(cluster.a.port())),
            "SMACHE_PORT is " + cluster.a.port() + " but",
            Map.of("UPLINK_URL", cluster.uplinkUrl(), "NODE_URL", "http://127.0.0.1:1"),
            "SMACHE_SECRET is not set, so this node refuses to join");
    Map<Server, String> refused = new HashMap<>();
    try {
      wrong.forEach(
          (settings, sentence) ->
              refused.put(Server.node("refused", Server.freePort(), settings), sentence));
      refused.forEach((server, sentence) -> server.awaitLog("Smache does not start: " + sentence));
    } finally {
      refused.keySet().forEach(Server::close);
    }
  }

  private void request(AtomicInteger requests) {
    int number = requests.incrementAndGet();
    Server node = nodes.get(number % 2);
    String key = "traffic-" + number % 50;
    assertThat(put(node, key, number)).isEqualTo(200);
    assertThat(data(nodes.get((number + 1) % 2), key)).isEqualTo(number);
  }

  private HttpResponse<String> uplink(String path, @Nullable String etag) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(cluster.uplinkUrl() + path))
            .header("Authorization", "Bearer " + Cluster.SECRET);
    return Http.send(etag == null ? request : request.header("If-None-Match", etag));
  }

  private static HttpResponse<String> authorized(String url, String authorization) {
    return Http.send(
        HttpRequest.newBuilder(URI.create(url)).header("Authorization", authorization));
  }

  private static String owner(Server node, String key) {
    return Http.json(Http.get(node.url() + "/api/placement?key=" + key)).get("node").textValue();
  }

  private static int put(Server node, String key, int data) {
    return Http.post(node.url(), entry(key, data)).statusCode();
  }

  private static int data(Server node, String key) {
    HttpResponse<String> response = Http.getKey(node.url(), key);
    assertThat(response.statusCode()).isEqualTo(200);
    return Http.json(response).get("data").intValue();
  }

  private static String entry(String key, int data) {
    return "{\"key\":\"" + key + "\",\"data\":" + data + "}";
  }
}
