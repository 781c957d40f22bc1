package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What clients behind a cache of HTTP see: nginx that revalidates, and Varnish as it is. */
@TestInstance(Lifecycle.PER_CLASS)
class ProxyCacheIT {
  private static final String CACHE = "proxied";
  private static final String HIT = "HIT";
  private static final Duration TTL = Duration.ofSeconds(3);
  private static final Duration SOON = Duration.ofSeconds(20);

  private static final String NGINX =
      """
      events {}
      http {
        access_log off;
        proxy_cache_path %s/cache keys_zone=copies:1m;
        server {
          listen 127.0.0.1:%d;
          location / {
            proxy_pass http://127.0.0.1:%d;
            proxy_http_version 1.1;
            proxy_cache copies;
            proxy_cache_revalidate on;
            add_header X-Cache $upstream_cache_status always;
          }
        }
      }
      """;

  private static final String VARNISH =
      """
      vcl 4.1;
      backend default {
        .host = "127.0.0.1";
        .port = "%d";
      }
      sub vcl_recv {
        unset req.http.X-Cache;
      }
      sub vcl_hit {
        set req.http.X-Cache = "HIT";
      }
      sub vcl_deliver {
        set resp.http.X-Cache = req.http.X-Cache;
      }
      """;

  private final Cluster cluster = Cluster.shared();
  private String key;
  private Program nginx;
  private Program varnish;

  @BeforeAll
  void start(@TempDir Path ofNginx, @TempDir Path ofVarnish) {
    int port = Server.freePort();
    nginx = Nginx.start(ofNginx, port, NGINX.formatted(ofNginx, port, cluster.a.port()));
    varnish = Varnish.start(ofVarnish, Server.freePort(), VARNISH.formatted(cluster.a.port()));
  }

  @BeforeEach
  void takeAFreshKey() {
    key = Entries.fresh("copy");
  }

  @AfterAll
  void stop() {
    nginx.close();
    varnish.close();
  }

  Stream<Program> proxies() {
    return Stream.of(nginx, varnish);
  }

  /** Row 24: a proxy that is answered 304 keeps the winner's name to itself. */
  @ProxyTest
  void stale_entry_namesAWinnerBehindTheProxy(Program proxy) {
    put("?ttl=3s&stale=60s", "old");
    assertKept(proxy);
    HttpResponse<String> first =
        await()
            .atMost(SOON)
            .pollInterval(Duration.ofMillis(100))
            .until(() -> get(proxy), answer -> !state(answer).isEmpty());
    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(first.body()).isEqualTo("old");
    assertThat(state(first)).isEqualTo("stale, winner");
    assertThat(state(get(proxy))).isEqualTo("stale");
    assertThat(Http.send("PUT", url(proxy), "new").statusCode()).isEqualTo(204);
    HttpResponse<String> fresh = get(proxy);
    assertThat(fresh.body()).isEqualTo("new");
    assertThat(state(fresh)).isEmpty();
  }

  /** Row 27: nobody asks before the end, as then Varnish would look for a newer copy in time. */
  @ProxyTest
  void ttl_ended_isNotServed(Program proxy) {
    put("?ttl=3s", "x");
    // The clock of nginx's cache counts whole seconds.
    Duration slack = proxy == nginx ? Duration.ofSeconds(1) : Duration.ZERO;
    long end = System.nanoTime() + TTL.plus(slack).toNanos();
    assertKept(proxy);
    await().atMost(SOON).until(() -> System.nanoTime() > end);
    assertThat(get(proxy).statusCode()).isEqualTo(404);
  }

  /** Row 26. */
  @ProxyTest
  void idle_entry_livesWhileItIsReadThroughTheProxy(Program proxy) {
    put("?idle=3s", "x");
    await()
        .pollInterval(Duration.ofSeconds(1))
        .during(Duration.ofSeconds(5))
        .atMost(SOON)
        .until(() -> get(proxy).statusCode() == 200);
  }

  @ProxyTest
  void entry_withoutAnEnd_isAskedForAgain(Program proxy) {
    for (String value : List.of("1", "2", "3")) {
      put("", value);
      assertThat(get(proxy).body()).isEqualTo(value);
      assertThat(get(proxy).body()).isEqualTo(value);
    }
  }

  /** Row 25. */
  @ProxyTest
  void simpleApi_value_isNeverACopy(Program proxy) {
    for (int i = 0; i < 3; i++) {
      String json = "{\"key\":\"%s\",\"data\":%d}".formatted(key, i);
      assertThat(Http.post(proxy.url(), json).statusCode()).isEqualTo(200);
      for (int again = 0; again < 2; again++) {
        HttpResponse<String> found = Http.getKey(proxy.url(), key);
        assertThat(Http.json(found).get("data").intValue()).isEqualTo(i);
      }
    }
  }

  /** Row 25. */
  @ProxyTest
  void answer_thatIsNoEntry_isNeverACopy(Program proxy) {
    put("?ttl=1h", "x");
    for (String path :
        List.of(
            "/",
            "/healthcheck",
            "/healthcheck/ready",
            "/api?key=" + key,
            "/api/placement?key=" + key,
            "/api/cluster",
            "/api/cluster/safe",
            "/api/caches",
            "/api/caches/" + CACHE,
            "/api/caches/" + CACHE + "/entries",
            "/api/caches/" + CACHE + "/entries/none")) {
      for (int again = 0; again < 2; again++) {
        HttpResponse<String> answer = Http.get(proxy.url() + path);
        assertThat(Http.header(answer, "X-Cache")).as(path).isNotEqualTo(HIT);
        assertThat(Http.header(answer, "Cache-Control")).as(path).isEqualTo("no-store");
      }
    }
  }

  /** Row 28: caches that know RFC 9875 drop their copies of the group. */
  @ProxyTest
  void group_invalidated_isToldToCaches(Program proxy) {
    String field = "Cache-Group-Invalidation";
    String entries = proxy.url() + "/api/caches/" + CACHE + "/entries";
    HttpResponse<String> deleted = Http.send("DELETE", entries + "?group=" + key, null);
    assertThat(deleted.statusCode()).isEqualTo(204);
    assertThat(Http.header(deleted, field)).isEqualTo('"' + key + '"');
    HttpResponse<String> written = Http.send("PUT", url(proxy), "x", field, "\"g\"");
    assertThat(written.statusCode()).isEqualTo(201);
    assertThat(Http.header(written, field)).isEqualTo("\"g\"");
  }

  /** Puts the value at the node: no proxy hears of it. */
  private void put(String query, String value) {
    int status = Http.send("PUT", Entries.one(cluster.a, CACHE, key) + query, value).statusCode();
    assertThat(status).isIn(201, 204);
  }

  /** Asserts that the proxy keeps a copy of the entry, so that what follows shows something. */
  private void assertKept(Program proxy) {
    assertThat(get(proxy).statusCode()).isEqualTo(200);
    assertThat(Http.header(get(proxy), "X-Cache")).isEqualTo(HIT);
  }

  private HttpResponse<String> get(Program proxy) {
    return Http.get(url(proxy));
  }

  private String url(Program proxy) {
    return proxy.url() + "/api/caches/" + CACHE + "/entries/" + key;
  }

  private static String state(HttpResponse<?> response) {
    return Http.header(response, "Smache-State");
  }

  /** A test that runs behind each of the proxies. */
  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("proxies")
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.METHOD)
  @interface ProxyTest {}
}
