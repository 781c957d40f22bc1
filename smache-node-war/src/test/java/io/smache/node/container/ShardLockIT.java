package io.smache.node.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The write locks of the shard beans, on a real server and by HTTP. What holds a lock until a
 * request gives up is a servlet of the test's own: no request of the API holds one for long enough.
 */
@ArquillianTest
class ShardLockIT {
  private static final int SHARD_LIMIT = 7;

  private final HttpClient client = HttpClient.newHttpClient();
  @ArquillianResource private URL base;

  @Deployment(testable = false)
  static WebArchive deployment() {
    return Deployments.node(Map.of("SHARD_LIMIT", Integer.toString(SHARD_LIMIT)))
        .addClass(LockServlet.class);
  }

  @AfterEach
  void release() throws Exception {
    test("release?key=held");
    test("release?key=" + keyOfAnotherShard());
  }

  @Test
  void shardLimit_isProducedFromTheSetting() throws Exception {
    assertThat(test("shard-limit")).isEqualTo("7");
  }

  @Test
  void writes_ofOneShard_neverOverlap() throws Exception {
    assertThat(test("inside?key=held")).isEqualTo("1");
  }

  @Test
  void writes_ofTwoShards_overlap() throws Exception {
    assertThat(test("hold?key=held")).isEqualTo("held");
    assertThat(test("hold?key=" + keyOfAnotherShard())).isEqualTo("held");
    assertThat(post("held").statusCode()).isEqualTo(503);
  }

  @Test
  void read_whileAWriteSitsInTheLock_isNotHeldUp() throws Exception {
    assertThat(post("held").statusCode()).isEqualTo(200);
    assertThat(test("hold?key=held")).isEqualTo("held");
    HttpResponse<String> response = get("api?key=held");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains("\"data\":1");
  }

  @Test
  void write_lockNotHadInTime_is503WithRetryAfterAndStoresNothing() throws Exception {
    String key = keyOfTheSameShard();
    assertThat(test("hold?key=held")).isEqualTo("held");
    HttpResponse<String> response = post(key);
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).contains("1");
    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/problem+json");
    assertThat(get("api?key=" + key).body()).contains("\"data\":null");
    test("release?key=held");
    assertThat(post(key).statusCode()).isEqualTo(200);
  }

  private String keyOfAnotherShard() {
    String shard = test("shard?key=held");
    return IntStream.range(0, 1000)
        .mapToObj(i -> "other-" + i)
        .filter(key -> !test("shard?key=" + key).equals(shard))
        .findFirst()
        .orElseThrow();
  }

  private String keyOfTheSameShard() {
    String shard = test("shard?key=held");
    return IntStream.range(0, 1000)
        .mapToObj(i -> "same-" + i)
        .filter(key -> test("shard?key=" + key).equals(shard))
        .findFirst()
        .orElseThrow();
  }

  private String test(String request) {
    return get("test/" + request).body().strip();
  }

  private HttpResponse<String> post(String key) {
    return send(
        HttpRequest.newBuilder(URI.create(base + "api"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"key\":\"" + key + "\",\"data\":1}")));
  }

  private HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(URI.create(base + path)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.timeout(Duration.ofSeconds(60)).build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
