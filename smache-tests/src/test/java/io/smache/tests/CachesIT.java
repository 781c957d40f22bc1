package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/protocol.md, caches and lists of entries. */
class CachesIT {
  private static final String[] JSON = {"Content-Type", "application/json"};

  private final Cluster cluster = Cluster.shared();
  private final String cache = Entries.fresh("cache");

  private String config(Server node) {
    return node.url() + "/api/caches/" + cache;
  }

  /** Returns all caches, each with its statistics. */
  static JsonNode list(Server node) {
    return Http.json(Http.get(node.url() + "/api/caches")).get("caches");
  }

  /** Returns what the list of caches says of one. */
  static JsonNode statistics(Server node, String cache) {
    for (JsonNode each : list(node)) {
      if (each.get("cache").textValue().equals(cache)) {
        return each;
      }
    }
    return MissingNode.getInstance();
  }

  @OnBothNodes
  void list_showsAllNodesTogether(Server node) {
    assertThat(statistics(node, cache).isMissingNode()).isTrue();
    for (int i = 0; i < 20; i++) {
      Entries.put(node, cache, "k" + i, "x");
    }
    for (int i = 10; i < 25; i++) {
      Entries.get(node, cache, "k" + i);
    }
    JsonNode statistics = statistics(node, cache);
    assertThat(statistics.get("entries").intValue()).isEqualTo(20);
    assertThat(statistics.get("bytes").intValue()).isGreaterThan(20 * 100);
    assertThat(statistics.get("hits").intValue()).isEqualTo(10);
    assertThat(statistics.get("misses").intValue()).isEqualTo(5);
    assertThat(statistics.get("evictions").intValue()).isZero();
    assertThat(statistics.get("expirations").intValue()).isZero();
  }

  @OnBothNodes
  @Tag(Cluster.SHARDS)
  void config_isTheSameOnAllNodesUntilTheCacheIsDropped(Server node) {
    Entries.assertProblem(Http.get(config(node)), 404, cache);
    String json =
        "{\"ttl\":\"5m\",\"idle\":90,\"maxEntries\":10,\"maxBytes\":100000,\"maxValueBytes\":50}";
    assertThat(Http.administer("PUT", config(node), json).statusCode()).isEqualTo(204);
    for (Server each : List.of(cluster.a, cluster.b)) {
      assertThat(Http.get(config(each)).body())
          .isEqualTo(
              "{\"ttl\":300,\"idle\":90,\"maxEntries\":10,\"maxBytes\":100000,\"maxValueBytes\":50}");
    }
    for (int i = 0; i < 100; i++) {
      Entries.put(node, cache, "k" + i, "x");
    }
    assertThat(statistics(node, cache).get("entries").intValue()).isBetween(10, 20);
    Entries.assertProblem(
        Entries.put(node, cache, "k", "x".repeat(51)), 413, "51 bytes", "at most 50");
    assertThat(Http.administer("PUT", config(node), "{\"ttl\":1.5}").statusCode()).isEqualTo(400);
    assertThat(Http.administer("PUT", config(node), "{\"ttl\":\"1500ms\"}").statusCode())
        .isEqualTo(204);
    assertThat(Http.get(config(cluster.b)).body()).isEqualTo("{\"ttl\":1.5}");
    assertThat(Http.administer("DELETE", config(node), null).statusCode()).isEqualTo(204);
    for (Server each : List.of(cluster.a, cluster.b)) {
      assertThat(Http.get(config(each)).statusCode()).isEqualTo(404);
      assertThat(statistics(each, cache).isMissingNode()).isTrue();
      assertThat(Entries.get(each, cache, "k99").statusCode()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|must be a JSON object",
        "{|not valid JSON",
        "''|must be a JSON object",
        "{\"nope\":1}|'nope' is unknown",
        "{\"ttl\":0}|ttl is '0'",
        "{\"ttl\":\"x\"}|ttl is 'x'",
        "{\"idle\":\"11y\"}|idle is '11y'",
        "{\"maxEntries\":0}|maxEntries is 0",
        "{\"maxBytes\":-1}|maxBytes is -1",
        "{\"maxValueBytes\":1.5}|maxValueBytes is 1.5",
        "{\"maxBytes\":\"1\"}|maxBytes is \"1\""
      })
  void config_malformed_is400(String json, String detail) {
    Entries.assertProblem(Http.administer("PUT", config(cluster.a), json), 400, detail);
    assertThat(Http.get(config(cluster.a)).statusCode()).isEqualTo(404);
  }

  @Test
  void config_reachesANodeThatJoinsLater() {
    Http.administer("PUT", config(cluster.a), "{\"ttl\":\"7m\"}");
    try (Server late = cluster.node("late", Map.of())) {
      late.awaitAnswer("/healthcheck/ready");
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> Http.get(config(late)).body().equals("{\"ttl\":420}"));
    }
    cluster.awaitMembers("a", "b");
    Http.administer("DELETE", config(cluster.a), null);
  }

  @ParameterizedTest
  @CsvSource({"a b", "a%2Fb", "ä", "x!", "%20"})
  void name_malformed_is400(String name) {
    String encoded = name.replace(" ", "%20").replace("ä", "%C3%A4");
    String url = cluster.a.url() + "/api/caches/" + encoded;
    for (String path : List.of("", "/entries", "/entries/k", "/batch")) {
      String method = path.equals("/batch") ? "POST" : "GET";
      HttpResponse<String> response =
          Http.send(method, url + path, method.equals("POST") ? "[]" : null, JSON);
      assertThat(response.statusCode()).as(url + path).isIn(400, 404);
    }
    Entries.assertProblem(
        Http.get(cluster.a.url() + "/api/caches/" + "x".repeat(65)), 400, "1 to 64");
  }

  @OnBothNodes
  void entries_pageByPage_eachOnceAlsoWhileOthersWrite(Server node) throws Exception {
    Set<String> kept = new HashSet<>();
    for (int i = 0; i < 300; i++) {
      kept.add("kept-" + i);
      Entries.put(node, cache, "kept-" + i, "x".repeat(i % 10));
    }
    AtomicBoolean done = new AtomicBoolean();
    CompletableFuture<Void> writing =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; !done.get(); i++) {
                Entries.put(cluster.a, cache, "moving-" + i % 100, "x");
                Http.send(
                    "DELETE", Entries.one(cluster.b, cache, "moving-" + (i + 50) % 100), null);
              }
            });
    List<String> seen = new ArrayList<>();
    String cursor = "";
    int pages = 0;
    do {
      JsonNode page = Http.json(Http.get(Entries.all(node, cache) + "?limit=37" + cursor));
      page.get("entries").forEach(entry -> seen.add(entry.get("key").textValue()));
      assertThat(page.get("entries").size()).isLessThanOrEqualTo(37);
      cursor = page.has("cursor") ? "&cursor=" + page.get("cursor").textValue() : "";
      pages++;
    } while (!cursor.isEmpty());
    done.set(true);
    writing.get();
    assertThat(pages).isGreaterThan(8);
    assertThat(seen).doesNotHaveDuplicates().containsAll(kept);
  }

  @OnBothNodes
  void entries_showWhatTheyAre(Server node) {
    HttpResponse<String> put =
        Http.send("PUT", Entries.one(node, cache, "p:1") + "?ttl=1h", "12345");
    Entries.put(node, cache, "p:2", "1");
    Entries.put(node, cache, "q:1", "1");
    JsonNode page = Http.json(Http.get(Entries.all(cluster.b, cache) + "?prefix=p:"));
    assertThat(page.has("cursor")).isFalse();
    assertThat(page.get("entries")).hasSize(2);
    for (JsonNode entry : page.get("entries")) {
      boolean first = entry.get("key").textValue().equals("p:1");
      assertThat(entry.get("bytes").intValue()).isEqualTo(first ? 5 : 1);
      assertThat(entry.has("ttl")).isEqualTo(first);
      if (first) {
        assertThat(entry.get("ttl").doubleValue()).isBetween(3590.0, 3600.0);
        assertThat(entry.get("etag").textValue()).isEqualTo(Entries.etag(put));
      }
    }
    assertThat(Http.get(Entries.all(node, Entries.fresh("none"))).body())
        .isEqualTo("{\"entries\":[]}");
  }

  @ParameterizedTest
  @CsvSource({
    "limit=0, limit",
    "limit=1001, limit",
    "limit=x, limit",
    "limit=1&limit=2, twice",
    "cursor=%25, cursor",
    "prefix=, prefix is empty",
    "nope=1, unknown"
  })
  void entries_malformedQuery_is400(String query, String detail) {
    Entries.assertProblem(Http.get(Entries.all(cluster.a, cache) + "?" + query), 400, detail);
  }
}
