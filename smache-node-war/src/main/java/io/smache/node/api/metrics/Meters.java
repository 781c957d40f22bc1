package io.smache.node.api.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.smache.node.runtime.NodeScoped;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/** Counts and measures what happens at this node, from its start on. Thread-safe. */
@NodeScoped
public class Meters {
  /** In seconds: from what memory takes to what a client gives up on. */
  private static final double[] BOUNDS = {
    0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1, 5
  };

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Counter requests;
  private final Counter rejected;
  private final Histogram durations;
  private final Map<String, IntSupplier> connections = new ConcurrentHashMap<>();

  /** Begins at zero. */
  public Meters() {
    requests =
        Counter.builder()
            .name("smache_requests_total")
            .help("Requests that were answered.")
            .labelNames("api", "op", "status")
            .register(registry);
    durations =
        Histogram.builder()
            .name("smache_request_duration_seconds")
            .help("Time from a request that is complete to its reply.")
            .labelNames("api", "op")
            .classicOnly()
            .classicUpperBounds(BOUNDS)
            .register(registry);
    rejected =
        Counter.builder()
            .name("smache_rejected_total")
            .help("Requests of clients that were not allowed, by what was wrong.")
            .labelNames("reason")
            .register(registry);
    rejected.initLabelValues("token");
    rejected.initLabelValues("right");
    GaugeWithCallback.builder()
        .name("smache_connections")
        .help("Connections of clients and other nodes that are open.")
        .labelNames("protocol")
        .callback(
            each -> connections.forEach((protocol, open) -> each.call(open.getAsInt(), protocol)))
        .register(registry);
  }

  /** Returns all that is to be read. */
  PrometheusRegistry registry() {
    return registry;
  }

  /**
   * Returns what measures the requests of one kind.
   *
   * @param api the part of the API
   * @param operation the method, of a limited number
   */
  public RequestMeter requests(String api, String operation) {
    return new RequestMeter(
        durations.labelValues(api, operation),
        status -> requests.labelValues(api, operation, Integer.toString(status.code())));
  }

  /** Counts a request that its client was not allowed to send, by one of a few reasons. */
  public void rejected(String reason) {
    rejected.labelValues(reason).inc();
  }

  /** Has the connections of a protocol counted whenever somebody reads how many are open. */
  public void connections(String protocol, IntSupplier open) {
    connections.put(protocol, open);
  }
}
