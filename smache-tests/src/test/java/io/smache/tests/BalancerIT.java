package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docker/nginx.conf before two nodes, or before stubs that show what it sends. */
class BalancerIT {
  private static final int CLIENTS = 2;
  private static final int LARGE = 1_000_000;
  private static final List<String> KEYS =
      IntStream.range(0, 60).mapToObj(i -> "balanced-" + i).toList();

  private final Cluster cluster = Cluster.shared();

  @Test
  void node_killedUnderLoad_onlyItsKeysFail(@TempDir Path directory) {
    String name = Entries.fresh("dying");
    Queue<String> failed = new ConcurrentLinkedQueue<>();
    List<String> living;
    try (Server dying = cluster.node(name, Map.of());
        Program balancer = Nginx.balancer(directory, cluster.a.port(), dying.port())) {
      cluster.awaitMembers("a", "b", name);
      dying.awaitAnswer("/healthcheck/ready");
      living = KEYS.stream().filter(key -> !cluster.owner(key).equals(name)).toList();
      KEYS.forEach(key -> assertThat(status("PUT", entry(balancer, key), "0")).isEqualTo(201));
      AtomicBoolean loading = new AtomicBoolean(true);
      List<CompletableFuture<Void>> clients =
          IntStream.range(0, CLIENTS)
              .mapToObj(i -> CompletableFuture.runAsync(() -> load(balancer, loading, failed)))
              .toList();
      try {
        assertThat(failed).isEmpty();
        dying.kill();
        living.forEach(key -> assertWritable(balancer, key));
        cluster.awaitMembers("a", "b");
      } finally {
        loading.set(false);
      }
      clients.forEach(CompletableFuture::join);
      KEYS.forEach(key -> assertWritable(balancer, key));
    }
    assertThat(failed).as("the dead node has keys").isNotEmpty();
    assertThat(failed).doesNotContainAnyElementsOf(living);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET    | /internal/member                   | 404
          POST   | /internal/table                    | 404
          GET    | //internal/member                  | 404
          GET    | /%69nternal/member                 | 404
          GET    | /internal;x=y/member               | 404
          POST   | /api/cluster/members/nobody/drain  | 403
          POST   | /api/%63luster/members/nobody/drain | 403
          POST   | /api/cluster                       | 403
          PUT    | /api/caches/refused                | 403
          PUT    | /api/caches/refused/               | 403
          DELETE | /api/caches/refused                | 403
          DELETE | /api/caches/refused?x=y            | 403
          """)
  void inside_andAdministration_areRefused(
      String method, String path, int status, @TempDir Path directory) {
    try (Program balancer = Nginx.balancer(directory, cluster.a.port(), cluster.b.port())) {
      HttpResponse<String> refused = Http.send(method, balancer.url() + path, "{}");
      Entries.assertProblem(refused, status, "");
      assertThat(Http.header(refused, "Smache-Node")).isEmpty();
    }
  }

  @Test
  void request_ofAClient_passes(@TempDir Path directory) {
    String cache = Entries.fresh("balanced");
    try (Program balancer = Nginx.balancer(directory, cluster.a.port(), cluster.b.port())) {
      String url = balancer.url();
      for (String key :
          List.of("..", ".", "a/b;c?d", "../../internal/member", "/internal/x", "é".repeat(4096))) {
        String entry = entry(balancer, cache, key);
        assertThat(status("PUT", entry + "?ttl=1h", key)).as(key).isEqualTo(201);
        assertThat(Http.get(entry).body()).isEqualTo(key);
        assertThat(status("DELETE", entry, null)).as(key).isEqualTo(204);
      }
      byte[] value = new byte[LARGE];
      new Random(1).nextBytes(value);
      String large = entry(balancer, cache, "large");
      assertThat(Http.sendBytes("PUT", large, value).statusCode()).isEqualTo(201);
      assertThat(Http.sendBytes("GET", large, null).body()).isEqualTo(value);
      assertThat(status("POST", entry(balancer, cache, "n") + "/increment", null)).isEqualTo(200);
      for (String path : List.of("/api/cluster", "/api/caches", "/healthcheck/ready")) {
        assertThat(status("GET", url + path, null)).as(path).isEqualTo(200);
      }
      Entries.assertProblem(Http.get(url + "/api/caches/" + cache), 404, "");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Accept: */*", "Cache-Group-Invalidation: \"lines\""})
  void batch_ofLines_isAnsweredBeforeItsEnd(String field, @TempDir Path directory)
      throws IOException {
    String line = "{\"op\":\"get\",\"key\":\"k\"}\n";
    String start =
        """
        POST /api/caches/balanced/batch HTTP/1.1\r
        Host: localhost\r
        Content-Type: application/x-ndjson\r
        Transfer-Encoding: chunked\r
        %s\r
        \r
        %x\r
        %s\r
        """
            .formatted(field, line.length(), line);
    try (Program balancer = Nginx.balancer(directory, cluster.a.port(), cluster.b.port());
        RawConnection client = new RawConnection(balancer.url())) {
      client.send(start);
      assertThat(client.response().status()).isEqualTo("200");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          PUT    | If-Match: *                                        | 1
          PUT    | If-None-Match: *                                   | 1
          DELETE | If-Match: "x"                                      | 1
          DELETE | If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT | 1
          PUT    | Cache-Group-Invalidation: "g"                      | 1
          POST   | Accept: */*                                        | 1
          PATCH  | If-Match: *                                        | 1
          PUT    | Accept: */*                                        | 2
          DELETE | Accept: */*                                        | 2
          GET    | If-None-Match: "x"                                 | 2
          """)
  void request_notAnswered_isRepeatedWhereThatDoesNoHarm(
      String method, String field, int times, @TempDir Path directory) {
    String[] header = field.split(": ", 2);
    for (int status : List.of(StubNode.CLOSE, 503)) {
      try (StubNode one = new StubNode(status);
          StubNode other = new StubNode(status);
          Program balancer = Nginx.balancer(directory, one.port(), other.port())) {
        HttpResponse<String> failed =
            Http.send(method, balancer.url() + "/api/caches/c/entries/k", "v", header);
        assertThat(failed.statusCode()).isEqualTo(503);
        assertThat(one.hosts().size() + other.hosts().size()).as("%d", status).isEqualTo(times);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT", "POST", "PATCH", "DELETE"})
  void request_whenOneNodeIsAway_meetsTheOther(String method, @TempDir Path directory) {
    int nobody = Server.freePort();
    try (StubNode node = new StubNode(200);
        Program balancer = Nginx.balancer(directory, nobody, node.port())) {
      String url = balancer.url() + "/api/caches/c/entries/k";
      for (int i = 0; i < 10; i++) {
        assertThat(status(method, url, "v")).isEqualTo(200);
        assertThat(status(method, url, "v", "If-Match", "*")).isEqualTo(200);
      }
      assertThat(node.hosts()).hasSize(20).containsOnly(balancer.url().substring(7));
    }
  }

  @Test
  void request_whenAllNodesAreAway_isAProblem(@TempDir Path directory) {
    try (Program balancer = Nginx.balancer(directory, Server.freePort(), Server.freePort())) {
      for (String field : List.of("Accept", "If-Match")) {
        HttpResponse<String> failed =
            Http.send("PUT", balancer.url() + "/api/caches/c/entries/k", "v", field, "*");
        Entries.assertProblem(failed, 503, "no node answered");
        assertThat(Http.header(failed, "Retry-After")).isEqualTo("1");
      }
    }
  }

  /** Reads and writes all keys in turn, and notes those for which it fails. */
  private static void load(Program balancer, AtomicBoolean loading, Queue<String> failed) {
    for (int i = 0; loading.get(); i++) {
      String key = KEYS.get(i % KEYS.size());
      try {
        if (status("PUT", entry(balancer, key), "1") >= 400
            || status("GET", entry(balancer, key), null) >= 500) {
          failed.add(key);
        }
      } catch (UncheckedIOException e) {
        failed.add(key);
      }
    }
  }

  /** Asserts that every kind of write is done. */
  private static void assertWritable(Program balancer, String key) {
    String json = "{\"key\":\"%s\",\"data\":1}".formatted(key);
    String patch = "application/merge-patch+json";
    String entry = entry(balancer, key);
    assertAll(
        key,
        () -> assertThat(Http.post(balancer.url(), json).statusCode()).isEqualTo(200),
        () -> assertThat(status("PUT", entry, "2", "If-Match", "*")).isEqualTo(204),
        () -> assertThat(status("PATCH", entry, null)).isEqualTo(204),
        () -> assertThat(status("PUT", entry, "{}", "Content-Type", "text/json")).isEqualTo(204),
        () -> assertThat(status("PATCH", entry, "{}", "Content-Type", patch)).isIn(200, 415));
  }

  private static int status(String method, String url, @Nullable String body, String... headers) {
    return Http.send(method, url, body, headers).statusCode();
  }

  /** Returns the address of an entry of the simple API. */
  private static String entry(Program balancer, String key) {
    return entry(balancer, "default", key);
  }

  private static String entry(Program balancer, String cache, String key) {
    String encoded = Http.encode(key).replace("+", "%20").replace(".", "%2E");
    return balancer.url() + "/api/caches/" + cache + "/entries/" + encoded;
  }
}
