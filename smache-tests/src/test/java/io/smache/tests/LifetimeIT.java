package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/protocol.md, lifetime and stampedes. */
class LifetimeIT {
  private static final String CACHE = "lives";
  private static final Duration SOON = Duration.ofSeconds(10);

  private final Cluster cluster = Cluster.shared();
  private final String key = Entries.fresh("life");

  private String url(Server node) {
    return Entries.one(node, CACHE, key);
  }

  @ParameterizedTest
  @CsvSource({"90500ms,90", "30s,30", "30,30", "5m,300", "2h,7200", "7d,604800", "3650d,315360000"})
  void ttl_anyUnit_isToldToCaches(String ttl, int seconds) {
    for (Server node : List.of(cluster.a, cluster.b)) {
      assertThat(Http.send("PUT", url(node) + "?ttl=" + ttl, "x").statusCode()).isIn(201, 204);
      HttpResponse<String> found = Http.send("GET", url(node), null);
      assertThat(Http.header(found, "Age")).isEqualTo("0");
      assertThat(maxAge(found)).isBetween(seconds - 10, seconds);
    }
  }

  @OnBothNodes
  void ttl_none_isNoCache(Server node) {
    Http.send("PUT", url(node), "x");
    HttpResponse<String> found = Http.send("GET", url(node), null);
    assertThat(Http.header(found, "Cache-Control")).isEqualTo("no-cache");
    assertThat(Http.header(found, "Age")).isEmpty();
  }

  @OnBothNodes
  void ttl_ended_isGone(Server node) {
    Http.send("PUT", url(node) + "?ttl=300ms", "x", "Cache-Groups", "\"g\"");
    await().atMost(SOON).until(() -> Http.send("GET", url(node), null).statusCode() == 404);
    assertThat(Http.send("DELETE", url(node), null).statusCode()).isEqualTo(404);
    assertThat(Http.send("PUT", url(node), "x", "If-Match", "*").statusCode()).isEqualTo(412);
    assertThat(Http.send("PUT", url(node), "x", "If-None-Match", "*").statusCode()).isEqualTo(201);
  }

  @Test
  void idle_entry_livesWhileItIsUsed() {
    List<String> urls = List.of(url(cluster.a) + "-a", url(cluster.b) + "-b");
    urls.forEach(url -> Http.send("PUT", url + "?idle=5s", "x"));
    await()
        .pollInterval(Duration.ofMillis(300))
        .during(Duration.ofSeconds(6))
        .atMost(SOON)
        .until(() -> urls.stream().allMatch(url -> status("GET", url).equals("200")));
    await()
        .pollDelay(Duration.ofMillis(5500))
        .atMost(SOON)
        .until(() -> urls.stream().allMatch(url -> status("GET", url).equals("404")));
  }

  /** Each way to use an entry by a key of its own, 0.9 s after the last and then 2.3 s later. */
  @Test
  void idle_entry_isRenewedByEveryUse() {
    Map<String, UnaryOperator<String>> used = new LinkedHashMap<>();
    putUsed(cluster.a, cluster.b, used);
    putUsed(cluster.b, cluster.a, used);
    for (int millis : new int[] {900, 2300, 900, 2300}) {
      letPass(millis);
      used.forEach(
          (url, use) ->
              assertThat(use.apply(url)).as(url + " after " + millis).matches("20[06]|304"));
    }
  }

  private void putUsed(Server node, Server other, Map<String, UnaryOperator<String>> used) {
    String batch = node.url() + "/api/caches/" + CACHE + "/batch";
    Map<String, UnaryOperator<String>> uses =
        Map.of(
            "get", url -> status("GET", url),
            "head", url -> status("HEAD", url),
            "range", url -> status("GET", url, "Range", "bytes=0-0"),
            "unmodified", url -> status("GET", url, "If-None-Match", "*"),
            "elsewhere", url -> status("GET", url.replace(node.url(), other.url())),
            "batch",
                url -> {
                  String own = url.substring(url.lastIndexOf('/') + 1);
                  String item = "[{\"op\":\"get\",\"key\":\"%s\"}]".formatted(own);
                  return Http.json(
                          Http.send("POST", batch, item, "Content-Type", "application/json"))
                      .findValuesAsText("status")
                      .get(0);
                });
    for (String query : List.of("?idle=3s", "?idle=3s&ttl=1h&stale=1m")) {
      uses.forEach(
          (name, use) -> {
            String url = url(node) + "-" + name + used.size();
            Http.send("PUT", url + query, "x");
            used.put(url, use);
          });
    }
  }

  private static String status(String method, String url, String... fields) {
    HttpResponse<String> response = Http.send(method, url, null, fields);
    return state(response).isEmpty() ? Integer.toString(response.statusCode()) : "stale";
  }

  private static void letPass(long millis) {
    long began = System.nanoTime();
    await().until(() -> System.nanoTime() - began > TimeUnit.MILLISECONDS.toNanos(millis));
  }

  @OnBothNodes
  void patch_empty_changesLifetimeAndGroupsOnly(Server node) {
    Http.send("PUT", url(node) + "?ttl=1h", "x", "Content-Type", "text/plain");
    HttpResponse<String> patched =
        Http.send("PATCH", url(node) + "?ttl=2h", null, "Cache-Groups", "\"later\"");
    assertThat(patched.statusCode()).isEqualTo(204);
    HttpResponse<String> found = Http.send("GET", url(node), null);
    assertThat(found.body()).isEqualTo("x");
    assertThat(maxAge(found)).isBetween(7190, 7200);
    assertThat(Http.header(found, "Cache-Groups")).isEqualTo("\"later\"");
    assertThat(Http.header(found, "Content-Type")).isEqualTo("text/plain");
    Http.send("PATCH", url(node), null);
    HttpResponse<String> same = Http.send("GET", url(node), null);
    assertThat(maxAge(same)).isBetween(7190, 7200);
    assertThat(Http.header(same, "Cache-Groups")).isEqualTo("\"later\"");
  }

  @OnBothNodes
  void increment_counter_keepsItsLife(Server node) {
    Http.send("POST", url(node) + "/increment?ttl=1h", null);
    assertThat(maxAge(Http.send("POST", url(node) + "/increment", null))).isBetween(3590, 3600);
    assertThat(maxAge(Http.send("POST", url(node) + "/increment?ttl=1m", null))).isBetween(50, 60);
  }

  @OnBothNodes
  void default_ofTheCache_countsWhenNothingIsSaid(Server node) {
    String cache = Entries.fresh("lived");
    String config = node.url() + "/api/caches/" + cache;
    Http.administer("PUT", config, "{\"ttl\":\"1h\"}");
    Entries.put(node, cache, "k", "x");
    assertThat(maxAge(Entries.get(cluster.b, cache, "k"))).isBetween(3590, 3600);
    Http.send("PUT", Entries.one(node, cache, "k") + "?ttl=1m", "x");
    assertThat(maxAge(Entries.get(cluster.a, cache, "k"))).isBetween(50, 60);
    Http.administer("DELETE", config, null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1.5", "1x", "", "1w", "3651d", "99999999999999999999", "s"})
  void time_outOfRange_is400(String time) {
    for (String name : List.of("ttl", "idle", "stale")) {
      String query = "?" + name + "=" + time;
      for (String method : List.of("PUT", "PATCH", "POST")) {
        String target = url(cluster.a) + (method.equals("POST") ? "/increment" : "");
        Entries.assertProblem(Http.send(method, target + query, null), 400, name, time, "1ms");
      }
    }
    Entries.assertProblem(Http.send("GET", url(cluster.a) + "?lease=" + time, null), 400, "lease");
    Entries.assertProblem(Http.send("GET", url(cluster.a) + "?wait=" + time, null), 400, "wait");
  }

  @OnBothNodes
  void stale_entry_isServedAndOneIsToldToRecompute(Server node) {
    Http.send("PUT", url(node) + "?ttl=200ms&stale=1h", "old");
    await().atMost(SOON).until(() -> !state(Http.send("HEAD", url(node), null)).isEmpty());
    assertThat(state(Http.send("HEAD", url(node), null))).isEqualTo("stale");
    HttpResponse<String> winner = Http.send("GET", url(node), null);
    assertThat(winner.statusCode()).isEqualTo(200);
    assertThat(winner.body()).isEqualTo("old");
    assertThat(state(winner)).isEqualTo("stale, winner");
    assertThat(Http.header(winner, "Cache-Control")).isEqualTo("no-store");
    for (Server reader : List.of(cluster.a, cluster.b)) {
      HttpResponse<String> other = Http.send("GET", url(reader), null);
      assertThat(other.body()).isEqualTo("old");
      assertThat(state(other)).isEqualTo("stale");
    }
    Http.send("PUT", url(node), "new");
    HttpResponse<String> fresh = Http.send("GET", url(node), null);
    assertThat(fresh.body()).isEqualTo("new");
    assertThat(state(fresh)).isEmpty();
  }

  @OnBothNodes
  void stale_winnersLeaseEnds_aNewOneIsNamed(Server node) {
    Http.send("PUT", url(node) + "?ttl=1ms&stale=1h", "old");
    await()
        .atMost(SOON)
        .until(() -> state(Http.send("GET", url(node) + "?lease=500ms", null)).endsWith("winner"));
    await()
        .atMost(SOON)
        .until(() -> state(Http.send("GET", url(node), null)).equals("stale, winner"));
  }

  @OnBothNodes
  void miss_withLease_namesOneWinner(Server node) {
    HttpResponse<String> winner = Http.send("GET", url(node) + "?lease=30s", null);
    Entries.assertProblem(winner, 404, "no such entry");
    assertThat(state(winner)).isEqualTo("winner");
    HttpResponse<String> pending = Http.send("GET", url(node) + "?lease=30s&wait=200ms", null);
    assertThat(pending.statusCode()).isEqualTo(404);
    assertThat(state(pending)).isEqualTo("pending");
    assertThat(state(Http.send("GET", url(node), null))).isEmpty();
    Http.send("PUT", url(node), "x");
    assertThat(Http.send("GET", url(node) + "?lease=30s", null).body()).isEqualTo("x");
  }

  @OnBothNodes
  void miss_winnersLeaseEnds_oneWhoWaitsIsTheNextWinner(Server node) {
    Http.send("GET", url(node) + "?lease=500ms", null);
    List<CompletableFuture<HttpResponse<String>>> waiting =
        IntStream.range(0, 5)
            .mapToObj(i -> Http.sendAsync("GET", url(node) + "?lease=30s&wait=3s", null))
            .toList();
    List<String> states = waiting.stream().map(each -> state(each.join())).toList();
    assertThat(states).containsOnlyOnce("winner").filteredOn("pending"::equals).hasSize(4);
  }

  @OnBothNodes
  void miss_1000Clients_areServedByTheOnePut(Server node) {
    List<CompletableFuture<HttpResponse<String>>> clients =
        IntStream.range(0, 1000)
            .mapToObj(i -> Http.sendAsync("GET", url(node) + "?lease=60s&wait=50s", null))
            .toList();
    HttpResponse<?> winner =
        CompletableFuture.anyOf(clients.toArray(CompletableFuture<?>[]::new))
            .thenApply(HttpResponse.class::cast)
            .join();
    assertThat(winner.statusCode()).isEqualTo(404);
    assertThat(state(winner)).isEqualTo("winner");
    assertThat(Entries.put(cluster.a, "elsewhere", key, "unheard").statusCode()).isIn(201, 204);
    assertThat(Http.send("PUT", url(cluster.a), "computed").statusCode()).isEqualTo(201);
    List<HttpResponse<String>> answers = clients.stream().map(CompletableFuture::join).toList();
    assertThat(answers).filteredOn(each -> each.statusCode() == 404).hasSize(1);
    assertThat(answers)
        .filteredOn(each -> each.statusCode() == 200)
        .hasSize(999)
        .allMatch(each -> each.body().equals("computed"));
  }

  @Test
  @Tag(Cluster.SHARDS)
  void memory_ofEndedEntries_comesBackWithoutAReader() {
    String cache = Entries.fresh("ended");
    for (int i = 0; i < 100; i++) {
      Http.send("PUT", Entries.one(cluster.a, cache, "k" + i) + "?ttl=100ms", "x".repeat(1000));
    }
    await()
        .atMost(SOON)
        .until(() -> CachesIT.statistics(cluster.b, cache).get("bytes").asInt() == 0);
    assertThat(CachesIT.statistics(cluster.a, cache).get("expirations").asInt()).isEqualTo(100);
  }

  private static String state(HttpResponse<?> response) {
    return Http.header(response, "Smache-State");
  }

  private static int maxAge(HttpResponse<?> response) {
    String cacheControl = Http.header(response, "Cache-Control");
    assertThat(cacheControl).startsWith("max-age=");
    assertThat(cacheControl).endsWith(", must-revalidate, stale-while-revalidate=0");
    return Integer.parseInt(cacheControl.substring("max-age=".length(), cacheControl.indexOf(',')));
  }
}
