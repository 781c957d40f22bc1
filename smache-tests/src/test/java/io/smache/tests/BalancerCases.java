package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each of our balancers does before two nodes, or before stubs that show what it sends. */
abstract class BalancerCases {
  private static final int LARGE = 1_000_000;

  final Cluster cluster = Cluster.shared();

  /** Starts the balancer before two nodes at these ports. */
  abstract Program balancer(Path directory, int one, int other);

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
    try (Program balancer = balancer(directory, cluster.a.port(), cluster.b.port())) {
      HttpResponse<String> refused = Http.send(method, balancer.url() + path, "{}");
      Entries.assertProblem(refused, status, "");
      assertThat(Http.header(refused, "Smache-Node")).isEmpty();
    }
  }

  @Test
  void request_ofAClient_passes(@TempDir Path directory) {
    String cache = Entries.fresh("balanced");
    try (Program balancer = balancer(directory, cluster.a.port(), cluster.b.port())) {
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
    try (Program balancer = balancer(directory, cluster.a.port(), cluster.b.port());
        RawConnection client = new RawConnection(balancer.url())) {
      client.send(start);
      assertThat(client.response().status()).isEqualTo("200");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT", "POST", "PATCH", "DELETE"})
  void request_whenOneNodeIsAway_meetsTheOther(String method, @TempDir Path directory) {
    int nobody = Server.freePort();
    try (StubNode node = new StubNode(200);
        Program balancer = balancer(directory, nobody, node.port())) {
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
    try (Program balancer = balancer(directory, Server.freePort(), Server.freePort())) {
      for (String field : List.of("Accept", "If-Match")) {
        HttpResponse<String> failed =
            Http.send("PUT", balancer.url() + "/api/caches/c/entries/k", "v", field, "*");
        Entries.assertProblem(failed, 503, "no node answered");
        assertThat(Http.header(failed, "Retry-After")).isEqualTo("1");
      }
    }
  }

  static int status(String method, String url, @Nullable String body, String... headers) {
    return Http.send(method, url, body, headers).statusCode();
  }

  /** Returns the address of an entry of the simple API. */
  static String entry(Program balancer, String key) {
    return entry(balancer, "default", key);
  }

  static String entry(Program balancer, String cache, String key) {
    String encoded = Http.encode(key).replace("+", "%20").replace(".", "%2E");
    return balancer.url() + "/api/caches/" + cache + "/entries/" + encoded;
  }
}
