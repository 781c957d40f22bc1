package io.smache.node.cache;

import io.smache.node.cluster.Membership;
import io.smache.node.runtime.NodeScoped;
import io.smache.node.store.CacheConfig;
import io.smache.node.store.Caches;
import io.smache.node.store.Command;
import io.smache.node.store.Command.CommandReport;
import io.smache.node.store.Configuration;
import io.smache.node.store.Invalidation;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The configurations of caches, equal on all nodes: the latest change of a cache wins, and nodes
 * exchange what they know after every change of members. Thread-safe.
 */
@NodeScoped
public class Configurations {
  private final Broadcast broadcast;
  private final Membership membership;
  private final Caches caches;

  /** The table whose members last exchanged their configurations. */
  private volatile long agreed;

  /** Takes what tells all members, and what they are told of. */
  @Inject
  public Configurations(Broadcast broadcast, Membership membership, Caches caches) {
    this.broadcast = broadcast;
    this.membership = membership;
    this.caches = caches;
  }

  /** Returns the configuration of a cache, empty when it has none. */
  public Optional<CacheConfig> of(String cache) {
    return caches.configurations().stream()
        .filter(each -> each.cache().equals(cache))
        .flatMap(each -> Optional.ofNullable(each.config()).stream())
        .findFirst();
  }

  /** Returns whether this node has the cache or could create it. */
  public boolean accepts(String cache) {
    return caches.accepts(cache);
  }

  /** Configures a cache. */
  public CompletionStage<Broadcast.ClusterReport> say(String cache, CacheConfig config) {
    return broadcast.command(command(cache, config));
  }

  /** Drops all entries of a cache and its configuration. */
  public CompletionStage<Broadcast.ClusterReport> drop(String cache) {
    Command clear = Command.Invalidate.of(cache, Invalidation.ofAll(), null);
    return broadcast
        .command(clear)
        .thenCompose(
            cleared ->
                cleared.missing().isEmpty()
                    ? broadcast.command(command(cache, null))
                    : CompletableFuture.completedFuture(cleared));
  }

  private Command command(String cache, @Nullable CacheConfig config) {
    long newest =
        caches.configurations().stream().mapToLong(Configuration::revision).max().orElse(0);
    long revision = Math.max(System.currentTimeMillis(), newest + 1);
    return new Command.Configure(List.of(new Configuration(cache, config, revision)));
  }

  /** Exchanges configurations with all members if these have changed; to be called periodically. */
  void agree() {
    long epoch = membership.epoch();
    if (epoch == agreed) {
      return;
    }
    broadcast
        .command(new Command.Configure(caches.configurations()))
        .thenAccept(
            reports -> {
              reports.reports().stream()
                  .map(CommandReport::configurations)
                  .forEach(caches::configure);
              if (reports.missing().isEmpty()) {
                agreed = epoch;
              }
            });
  }
}
