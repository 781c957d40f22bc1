package io.smache.node.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.smache.node.api.message.FakeRequest;
import io.smache.node.api.message.Reply;
import io.smache.node.cache.LoneNode;
import io.smache.protocol.ClusterSecret;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a real node without a server says of itself. */
class MetricsTest {
  private static final int LIMIT = 1 << 12;
  private static final String ENTRY = "/api/caches/c/entries/";
  private static final String REQUESTS = "smache_requests_total";

  /** As Prometheus 3 sends it. */
  private static final String PROMETHEUS =
      "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
          + "application/openmetrics-text;version=0.0.1;q=0.5,"
          + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
          + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2";

  private final LoneNode node = new LoneNode(ClusterSecret.of("0123456789abcdef"), LIMIT).start();
  private final Api api = LoneApi.of(node, LIMIT);

  private Reply reply(FakeRequest request) {
    return api.reply(request).toCompletableFuture().join();
  }

  private static String text(Reply reply) {
    return new String(Objects.requireNonNull(reply.body()), UTF_8);
  }

  /** Returns the values by names and labels. */
  private Map<String, Double> scrape() {
    Map<String, Double> values = new HashMap<>();
    text(reply(new FakeRequest("GET", "/metrics")))
        .lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(
            line -> {
              int space = line.lastIndexOf(' ');
              values.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
            });
    return values;
  }

  private void send(String method, String target) {
    reply(new FakeRequest(method, target).body(method.equals("PUT") ? "1" : ""));
  }

  @Test
  void writes_areCountedByWhatTheyDid() {
    send("PUT", ENTRY + "k");
    send("PUT", ENTRY + "k");
    send("POST", ENTRY + "n/increment");
    send("DELETE", ENTRY + "k");
    send("DELETE", ENTRY + "k");
    Map<String, Double> values = scrape();
    assertThat(values).containsEntry("smache_cache_puts_total{cache=\"c\"}", 3.0);
    assertThat(values).containsEntry("smache_cache_removals_total{cache=\"c\"}", 1.0);
  }

  @Test
  void requests_areCountedByApiOperationAndStatus() {
    send("PUT", ENTRY + "k");
    send("GET", ENTRY + "k");
    send("GET", ENTRY + "k");
    send("GET", ENTRY + "none");
    send("BREW", ENTRY + "k");
    send("GET", "/nothing");
    send("GET", "/nothing/else");
    assertThat(scrape())
        .containsEntry(REQUESTS + "{api=\"entries\",op=\"PUT\",status=\"201\"}", 1.0)
        .containsEntry(REQUESTS + "{api=\"entries\",op=\"GET\",status=\"200\"}", 2.0)
        .containsEntry(REQUESTS + "{api=\"entries\",op=\"GET\",status=\"404\"}", 1.0)
        .containsEntry(REQUESTS + "{api=\"entries\",op=\"other\",status=\"405\"}", 1.0)
        .containsEntry(REQUESTS + "{api=\"none\",op=\"other\",status=\"404\"}", 2.0)
        .containsEntry("smache_request_duration_seconds_count{api=\"entries\",op=\"GET\"}", 3.0)
        .containsEntry(
            "smache_request_duration_seconds_bucket{api=\"entries\",op=\"GET\",le=\"+Inf\"}", 3.0);
  }

  @Test
  void caches_haveTheirFigures() {
    send("PUT", ENTRY + "k");
    send("GET", ENTRY + "k");
    send("GET", ENTRY + "none");
    Map<String, Double> values = scrape();
    assertThat(values)
        .containsEntry("smache_cache_gets_total{cache=\"c\",result=\"hit\"}", 1.0)
        .containsEntry("smache_cache_gets_total{cache=\"c\",result=\"miss\"}", 1.0)
        .containsEntry("smache_cache_entries{cache=\"c\"}", 1.0)
        .containsEntry("smache_cache_evictions_total{cache=\"c\"}", 0.0)
        .containsEntry("smache_cache_expirations_total{cache=\"c\"}", 0.0)
        .containsEntry("smache_entries", 1.0);
    assertThat(values.get("smache_cache_bytes{cache=\"c\"}")).isGreaterThan(1);
    assertThat(values.get("smache_memory_bytes")).isGreaterThan(1);
  }

  @Test
  void caches_ofManyNames_keepLabelsFew() {
    for (int i = 0; i < 150; i++) {
      send("PUT", "/api/caches/many-" + i + "/entries/k");
    }
    Map<String, Double> values = scrape();
    assertThat(values.keySet().stream().filter(each -> each.startsWith("smache_cache_entries")))
        .hasSize(101);
    assertThat(values).containsEntry("smache_cache_entries{cache=\"(other)\"}", 50.0);
  }

  @Test
  void node_saysHowItIs() {
    assertThat(scrape())
        .containsEntry("smache_cluster_members", 1.0)
        .containsEntry("smache_cluster_active", 1.0)
        .containsEntry("smache_partitions{state=\"owned\"}", 1024.0)
        .containsEntry("smache_partitions{state=\"arriving\"}", 0.0)
        .containsEntry("smache_memory_max_bytes", (double) node.caches.maxBytes());
  }

  @ParameterizedTest
  @CsvSource({
    "text/plain, text/plain",
    "text/html, text/plain",
    "*/*, text/plain",
    "application/openmetrics-text, application/openmetrics-text",
    "'" + PROMETHEUS + "', application/openmetrics-text"
  })
  void format_isTheOneThatIsAccepted(String accept, String type) {
    Reply reply = reply(new FakeRequest("GET", "/metrics").with("Accept", accept));
    Map<String, String> fields = new HashMap<>();
    reply.eachField(fields::put);
    assertThat(fields.get("Content-Type")).startsWith(type);
    assertThat(text(reply).endsWith("# EOF\n")).isEqualTo(!type.startsWith("text"));
  }
}
