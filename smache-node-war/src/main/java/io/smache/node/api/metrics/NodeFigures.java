package io.smache.node.api.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.smache.node.cache.Commands;
import io.smache.node.cluster.Membership;
import io.smache.node.engine.Engine;
import io.smache.node.store.CacheStatistics;
import io.smache.node.store.Caches;
import io.smache.node.store.Command.Result;
import io.smache.protocol.PartitionTable;
import io.smache.protocol.settings.Version;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/** What a node knows of itself, its caches and its cluster, read once a scrape. Thread-safe. */
@Dependent
public class NodeFigures implements MultiCollector {
  /** Caches with figures of their own; the others are summed up, so that labels stay few. */
  static final int MOST_CACHES = 100;

  static final String OTHER = "(other)";

  private final Membership membership;
  private final Engine engine;
  private final Caches caches;
  private final Commands commands;

  /** Takes what knows the cluster, the caches, and how this node is. */
  @Inject
  public NodeFigures(Membership membership, Engine engine, Caches caches, Commands commands) {
    this.membership = membership;
    this.engine = engine;
    this.caches = caches;
    this.commands = commands;
  }

  @Override
  public MetricSnapshots collect() {
    List<MetricSnapshot> all = new ArrayList<>();
    all.add(info());
    all.addAll(node());
    all.addAll(caches(labelled(engine.statistics())));
    return new MetricSnapshots(all);
  }

  private InfoSnapshot info() {
    Labels labels =
        Labels.of(
            "version",
            Version.current(),
            "engine",
            engine.description(),
            "java",
            Runtime.version().toString());
    return InfoSnapshot.builder()
        .name("smache_build")
        .help("What runs here.")
        .dataPoint(InfoDataPointSnapshot.builder().labels(labels).build())
        .build();
  }

  private List<GaugeSnapshot> node() {
    PartitionTable table = membership.table().orElse(null);
    Result.Condition condition = commands.condition();
    return List.of(
        gauge(
            "smache_cluster_members",
            "Members that this node knows, itself included.",
            table == null ? 0 : table.members().size()),
        gauge(
            "smache_cluster_epoch",
            "Number of the table in force; the same on all members when nothing changes.",
            membership.epoch()),
        gauge(
            "smache_cluster_active",
            "1 while this node is an active member, else 0.",
            membership.isActive() ? 1 : 0),
        gauge(
            "smache_uplink_in_touch",
            "1 while uplink has been answering for some time, else 0.",
            condition.inTouch() ? 1 : 0),
        GaugeSnapshot.builder()
            .name("smache_partitions")
            .help("Partitions that this node owns, and those of them that still move.")
            .dataPoint(of("state", "owned", engine.partitionsOf(membership.self())))
            .dataPoint(of("state", "arriving", condition.arriving()))
            .dataPoint(of("state", "leaving", condition.leaving()))
            .build(),
        gauge("smache_entries", "Entries here, copies included, about.", condition.entries()),
        gauge("smache_memory_bytes", "What they take.", condition.bytes()),
        gauge("smache_memory_max_bytes", "What they may take.", caches.maxBytes()));
  }

  private static GaugeSnapshot gauge(String name, String help, long value) {
    return GaugeSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(GaugeDataPointSnapshot.builder().value((double) value).build())
        .build();
  }

  private static GaugeDataPointSnapshot of(String label, String name, long value) {
    return GaugeDataPointSnapshot.builder()
        .labels(Labels.of(label, name))
        .value((double) value)
        .build();
  }

  /** Those with the most entries keep their names. */
  static List<CacheStatistics> labelled(List<CacheStatistics> all) {
    if (all.size() <= MOST_CACHES) {
      return all;
    }
    List<CacheStatistics> sorted =
        all.stream().sorted(Comparator.comparingLong(CacheStatistics::entries).reversed()).toList();
    List<CacheStatistics> few = new ArrayList<>(sorted.subList(0, MOST_CACHES));
    few.add(
        sorted.stream()
            .skip(MOST_CACHES)
            .reduce(CacheStatistics.of(OTHER, 0, 0), CacheStatistics::plus));
    return few;
  }

  private static List<MetricSnapshot> caches(List<CacheStatistics> all) {
    CounterSnapshot.Builder gets =
        CounterSnapshot.builder().name("smache_cache_gets").help("Reads, by what they found.");
    for (CacheStatistics each : all) {
      gets.dataPoint(counted(Labels.of("cache", each.cache(), "result", "hit"), each.hits()));
      gets.dataPoint(counted(Labels.of("cache", each.cache(), "result", "miss"), each.misses()));
    }
    return List.of(
        gets.build(),
        counter("smache_cache_puts", "Writes that stored an entry.", all, CacheStatistics::puts),
        counter(
            "smache_cache_removals",
            "Writes that removed an entry.",
            all,
            CacheStatistics::removals),
        counter(
            "smache_cache_evictions",
            "Entries removed to keep the bounds.",
            all,
            CacheStatistics::evictions),
        counter(
            "smache_cache_expirations",
            "Entries whose life has ended.",
            all,
            CacheStatistics::expirations),
        gauge(
            "smache_cache_entries",
            "Entries that this node owns, about.",
            all,
            CacheStatistics::entries),
        gauge("smache_cache_bytes", "What they take.", all, CacheStatistics::bytes));
  }

  private static CounterSnapshot counter(
      String name, String help, List<CacheStatistics> all, ToLongFunction<CacheStatistics> value) {
    CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
    all.forEach(
        each ->
            counter.dataPoint(counted(Labels.of("cache", each.cache()), value.applyAsLong(each))));
    return counter.build();
  }

  private static CounterDataPointSnapshot counted(Labels labels, long value) {
    return CounterDataPointSnapshot.builder().labels(labels).value((double) value).build();
  }

  private static GaugeSnapshot gauge(
      String name, String help, List<CacheStatistics> all, ToLongFunction<CacheStatistics> value) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
    all.forEach(each -> gauge.dataPoint(of("cache", each.cache(), value.applyAsLong(each))));
    return gauge.build();
  }
}
