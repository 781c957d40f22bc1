package io.smache.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** More clients that are slow than a server has threads, and one that is not. */
class SlowClientIT {
  private static final int CLIENTS = 16;
  private static final int LARGE = 1_000_000;

  private static final int AFTER_HEAD = 2000;

  /** More than a connection has buffers for. */
  private static final int VALUES = 12;

  private final Cluster cluster = Cluster.shared();
  private final List<RawConnection> clients = new ArrayList<>();

  @AfterEach
  void disconnect() throws IOException {
    for (RawConnection each : clients) {
      each.close();
    }
  }

  /** Node a has the lane, node b has none; and the keys have a slash and a question mark. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          PUT   | /api/caches/slow/entries/a%2Fb%3Fc-N?ttl=1h | Content-Type: text/plain              | some text               | 20[14]
          PUT   | /api/caches/slow/entries/chunked-N          | Transfer-Encoding: chunked            | 4\\r\\ntext\\r\\n0\\r\\n\\r\\n | 20[14]
          PUT   | /api/caches/slow/entries/group-N            | Cache-Groups: "slow"                  | some text               | 20[14]
          PATCH | /api/caches/slow/entries/patch-N            | Content-Type: application/merge-patch+json | {"a":1}            | 20[04]
          POST  | /api                                        | Content-Type: application/json        | {"key":"slow-N","data":7} | 200
          POST  | /api/caches/slow/batch                      | Content-Type: application/json        | [{"op":"get","key":"N"}] | 200
          PUT   | /api/caches/slow-config-N                   | Content-Type: application/json\\r\\nAuthorization: Bearer SECRET | {"ttl":60000} | 20[0-4]
          """)
  void body_slow_holdsNobodyUp(
      String method, String path, String field, String text, String expected) throws IOException {
    for (Server node : List.of(cluster.a, cluster.b)) {
      List<RawConnection> slow = new ArrayList<>();
      List<String> rests = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        String name = (node == cluster.a ? "a" : "b") + i;
        Http.send("PUT", node.url() + path(path, name), "{}", "Content-Type", "application/json");
        String body = text.replace("\\r\\n", "\r\n").replace("N", name);
        RawConnection client = connect(node);
        String length = field.startsWith("Transfer") ? "X: x" : "Content-Length: " + body.length();
        client.send(
            "%s %s HTTP/1.1\r\nHost: x\r\n%s\r\n%s\r\n\r\n"
                .formatted(
                    method,
                    path(path, name),
                    field.replace("\\r\\n", "\r\n").replace("SECRET", Cluster.SECRET),
                    length));
        client.send(body.substring(0, 3));
        slow.add(client);
        rests.add(body.substring(3));
      }
      assertThat(Http.getKey(node.url(), "not-slow").statusCode()).isEqualTo(200);
      for (int i = 0; i < CLIENTS; i++) {
        slow.get(i).send(rests.get(i));
        assertThat(slow.get(i).response().status()).as("client %d", i).matches(expected);
        slow.get(i).send("GET /api?key=again HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(slow.get(i).response().status()).isEqualTo("200");
      }
    }
  }

  private static String path(String path, String name) {
    return path.replace("N", name);
  }

  /**
   * A body that comes just when its request's first thread leaves meets a server at its weakest.
   */
  @Test
  void bodies_rightAfterTheirHeads_areAllAnswered() throws IOException {
    for (Server node : List.of(cluster.a, cluster.b)) {
      RawConnection client = connect(node);
      for (int i = 0; i < AFTER_HEAD; i++) {
        String path = i % 2 == 0 ? "/api" : "/api/caches/slow/batch";
        String body =
            i % 2 == 0
                ? "{\"key\":\"late-%d\",\"data\":7}"
                : "[{\"op\":\"get\",\"key\":\"late-%d\"}]";
        client.send(
            "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                .formatted(path, body.formatted(i).length()));
        LockSupport.parkNanos(i % 100 * 1_000L);
        client.send(body.formatted(i));
        assertThat(client.response().status()).as("request %d", i).isEqualTo("200");
      }
    }
  }

  /** Java's client asks for HTTP/2 in three fields; over it, few such requests held all threads. */
  @ParameterizedTest
  @ValueSource(ints = {1, 20_000, LARGE})
  void bodies_ofAClientThatPrefersHttp2_areStored(int bytes) {
    String value = "v".repeat(bytes);
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
    for (Server node : List.of(cluster.a, cluster.b)) {
      List<CompletableFuture<HttpResponse<String>>> puts = new ArrayList<>();
      for (int i = 0; i < (bytes == LARGE ? 20 : 50); i++) {
        URI entry = URI.create(node.url() + "/api/caches/slow/entries/http2-" + bytes + i);
        HttpRequest put = HttpRequest.newBuilder(entry).PUT(BodyPublishers.ofString(value)).build();
        puts.add(client.sendAsync(put, BodyHandlers.ofString()));
      }
      for (CompletableFuture<HttpResponse<String>> put : puts) {
        HttpResponse<String> response = put.join();
        assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(response.headers().firstValue("ETag")).isPresent();
        String url = response.request().uri().toString();
        assertThat(Http.get(url).body()).isEqualTo(value);
      }
    }
  }

  @Test
  void body_whoseClientGoes_isNotStored() throws IOException {
    String entry = "/api/caches/slow/entries/gone";
    for (Server node : List.of(cluster.a, cluster.b)) {
      for (int i = 0; i < CLIENTS; i++) {
        RawConnection client = connect(node);
        client.send("PUT %s HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n123".formatted(entry));
        client.close();
      }
      await("nothing comes of what was sent")
          .during(Duration.ofSeconds(1))
          .atMost(Server.TIMEOUT)
          .until(() -> Http.get(node.url() + entry).statusCode() == 404);
    }
  }

  @Test
  void reader_slow_holdsNobodyUp() throws IOException {
    String entry = "/api/caches/slow/entries/large";
    String value = "x".repeat(LARGE);
    String[] text = {"Content-Type", "text/plain"};
    assertThat(Http.send("PUT", cluster.a.url() + entry, value, text).statusCode()).isEqualTo(201);
    List<RawConnection> slow = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      RawConnection client = connect(cluster.a);
      client.send("GET %s HTTP/1.1\r\nHost: x\r\n\r\n".formatted(entry).repeat(VALUES));
      slow.add(client);
    }
    assertThat(Http.getKey(cluster.a.url(), "not-slow").statusCode()).isEqualTo(200);
    for (RawConnection each : slow) {
      for (int i = 0; i < VALUES; i++) {
        RawConnection.Response large = each.response();
        assertThat(large.status()).isEqualTo("200");
        assertThat(new String(large.body(), UTF_8)).isEqualTo(value);
      }
    }
  }

  private RawConnection connect(Server node) throws IOException {
    RawConnection client = new RawConnection(node.url());
    clients.add(client);
    return client;
  }
}
