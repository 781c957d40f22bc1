package io.smache.node.api.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smache.node.api.message.FakeRequest;
import io.smache.protocol.message.Json;
import io.smache.protocol.message.Status;
import io.smache.protocol.settings.Settings;
import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SlowRequestsTest {
  private final SlowRequests slow = new SlowRequests(new Settings(name -> "250"));

  private void add(String path) {
    slow.add(
        new Answered(
            Answered.Asked.of(new FakeRequest("PUT", path)),
            Instant.EPOCH,
            Status.CREATED,
            TimeUnit.MILLISECONDS.toNanos(1_500),
            0,
            "a"));
  }

  private JsonNode view() throws IOException {
    FakeRequest request = new FakeRequest("GET", "/api/slow");
    byte[] body = slow.get(request).toCompletableFuture().join().body();
    return Json.MAPPER.readTree(new String(Objects.requireNonNull(body), UTF_8));
  }

  @Test
  void isSlow_fromTheThresholdOn() {
    assertThat(slow.isSlow(TimeUnit.MILLISECONDS.toNanos(250))).isTrue();
    assertThat(slow.isSlow(TimeUnit.MILLISECONDS.toNanos(250) - 1)).isFalse();
    SlowRequests usual = new SlowRequests(new Settings(name -> null));
    assertThat(usual.isSlow(TimeUnit.MILLISECONDS.toNanos(100))).isTrue();
  }

  @Test
  void get_hasTheNewestFirst() throws IOException {
    add("/api/caches/c/entries/one?ttl=5s");
    add("/api/caches/c/entries/two");
    assertThat(view().get("threshold").asText()).isEqualTo("0.25");
    JsonNode newest = view().get("requests").get(0);
    assertThat(newest.get("path").textValue()).isEqualTo("/api/caches/c/entries/two");
    assertThat(newest.get("seconds").asText()).isEqualTo("1.5");
    assertThat(newest.get("status").intValue()).isEqualTo(201);
    assertThat(newest.get("node").textValue()).isEqualTo("a");
    assertThat(view().get("requests").get(1).get("path").textValue()).endsWith("one");
  }

  @Test
  void add_manyRequests_keepsTheLast128() throws IOException {
    for (int i = 0; i < 1_000; i++) {
      add("/" + i);
    }
    JsonNode requests = view().get("requests");
    assertThat(requests).hasSize(128);
    assertThat(requests.get(127).get("path").textValue()).isEqualTo("/872");
  }
}
