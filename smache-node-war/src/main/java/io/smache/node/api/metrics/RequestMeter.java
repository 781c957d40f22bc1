package io.smache.node.api.metrics;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.smache.protocol.message.Status;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Measures requests of one kind, without looking anything up by name. Thread-safe. */
public final class RequestMeter {
  private static final double NANOS_OF_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final DistributionDataPoint durations;
  private final Function<Status, CounterDataPoint> begun;
  private final Map<Status, CounterDataPoint> counters = new ConcurrentHashMap<>();

  /**
   * Counts nothing yet.
   *
   * @param begun what counts the requests of a status, the same one each time
   */
  RequestMeter(DistributionDataPoint durations, Function<Status, CounterDataPoint> begun) {
    this.durations = durations;
    this.begun = begun;
  }

  /** Counts a request that took so many ns. */
  public void count(Status status, long nanos) {
    durations.observe(nanos / NANOS_OF_SECOND);
    CounterDataPoint known = counters.get(status);
    CounterDataPoint counter = known == null ? counters.computeIfAbsent(status, begun) : known;
    counter.inc();
  }
}
