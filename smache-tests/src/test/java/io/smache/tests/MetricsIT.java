package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The metrics of nodes in a cluster, as Prometheus reads them: docs/operations.md. */
class MetricsIT {
  private static final Pattern METRIC = Pattern.compile("`(smache_[a-z_]+)");
  private static final Pattern ASKED = Pattern.compile("(smache_[a-z_]+?)(?:_bucket)?\\b");
  private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) ");

  private final String cache = Entries.fresh("metrics");

  private static double value(String text, String series) {
    Matcher found = Pattern.compile("(?m)^" + Pattern.quote(series) + " (\\S+)$").matcher(text);
    assertThat(found.find()).as(series).isTrue();
    return Double.parseDouble(found.group(1));
  }

  private static String scrape(String url) {
    return Http.get(url + "/api/metrics").body();
  }

  @OnBothNodes
  void requests_andReads_areCounted(Server node) {
    Entries.put(node, cache, "k", "x");
    Entries.get(node, cache, "k");
    String before = scrape(node.serverUrl());
    for (int i = 0; i < 10; i++) {
      Entries.get(node, cache, "k");
    }
    String after = scrape(node.serverUrl());
    String requests = "smache_requests_total{api=\"entries\",op=\"GET\",status=\"200\"}";
    assertThat(value(after, requests)).isGreaterThanOrEqualTo(value(before, requests) + 10);
    assertThat(value(after, "smache_cluster_active")).isEqualTo(1);
  }

  /** Of a node with a front, under both names; other doors of it say the same. */
  @Test
  void front_showsMetricsAndItsConnections() {
    Server node = Cluster.shared().a;
    for (String path : Set.of("/metrics", "/api/metrics")) {
      String text = Http.get(node.url() + path).body();
      assertThat(value(text, "smache_connections{protocol=\"http\"}")).isPositive();
    }
    assertThat(names(scrape(node.serverUrl()))).isEqualTo(names(scrape(node.url())));
  }

  @Test
  void openMetrics_isSentToThoseThatAcceptIt() {
    Server node = Cluster.shared().a;
    for (String url : Set.of(node.url(), node.serverUrl())) {
      var reply =
          Http.send(
              "GET",
              url + "/api/metrics",
              null,
              "Accept",
              "application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
      assertThat(Http.header(reply, "Content-Type")).startsWith("application/openmetrics-text");
      assertThat(reply.body()).endsWith("# EOF\n");
    }
  }

  /** What operators are told to watch is there, and nothing is there that they are not told of. */
  @Test
  void metrics_areThoseOfTheDocumentation() throws IOException {
    Set<String> told = new TreeSet<>();
    Matcher metric = METRIC.matcher(Files.readString(Path.of("../docs/operations.md")));
    while (metric.find()) {
      told.add(metric.group(1));
    }
    assertThat(names(scrape(Cluster.shared().a.url()))).isEqualTo(told);
  }

  /** Whoever looks at the dashboard, or is woken by an alert, looks at something that exists. */
  @Test
  void dashboardAndAlerts_askForMetricsThatAreThere() throws IOException {
    Path docker = Server.REPOSITORY.resolve("docker");
    String dashboard = Files.readString(docker.resolve("grafana/smache.json"));
    String alerts = Files.readString(docker.resolve("prometheus/alerts.yml"));
    assertThat(Http.json(dashboard).get("panels").size()).isGreaterThan(15);
    Matcher asked = ASKED.matcher(dashboard + alerts);
    Set<String> known = names(scrape(Cluster.shared().a.url()));
    int count = 0;
    while (asked.find()) {
      assertThat(known).contains(asked.group(1));
      count++;
    }
    assertThat(count).isGreaterThan(40);
  }

  private static Set<String> names(String text) {
    Set<String> names = new TreeSet<>();
    Matcher type = TYPE.matcher(text);
    while (type.find()) {
      names.add(type.group(1));
    }
    return names;
  }
}
