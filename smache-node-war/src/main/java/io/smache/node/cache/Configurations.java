package io.smache.node.cache;

import io.smache.node.cluster.Membership;
import io.smache.node.store.CacheConfig;
import io.smache.node.store.Caches;
import io.smache.node.store.Command;
import io.smache.node.store.Command.Report;
import io.smache.node.store.Configuration;
import io.smache.node.store.Invalidation;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What operators say of caches, the same on all nodes: of two who say something the later counts,
 * and after every change of members the nodes tell each other what they know. Thread-safe.
 */
@ApplicationScoped
public class Configurations {
  @Inject Everywhere everywhere;
  @Inject Membership membership;
  @Inject Caches caches;

  /** The table with all members of which what is known was exchanged last. */
  private volatile long agreed;

  /** Returns what is said of a cache, empty when nothing is. */
  public Optional<CacheConfig> of(String cache) {
    return caches.configurations().stream()
        .filter(each -> each.cache().equals(cache))
        .flatMap(each -> Optional.ofNullable(each.config()).stream())
        .findFirst();
  }

  /** Returns whether this node has the cache, or could make it. */
  public boolean takes(String cache) {
    return caches.takes(cache);
  }

  /** Says something of a cache. */
  public CompletionStage<Everywhere.Reports> say(String cache, CacheConfig config) {
    return everywhere.command(command(cache, config));
  }

  /** Drops all entries of a cache and what is said of it. */
  public CompletionStage<Everywhere.Reports> drop(String cache) {
    Command clear = Command.Invalidate.of(cache, Invalidation.ofAll(), null);
    return everywhere
        .command(clear)
        .thenCompose(
            cleared ->
                cleared.missing().isEmpty()
                    ? everywhere.command(command(cache, null))
                    : CompletableFuture.completedFuture(cleared));
  }

  private Command command(String cache, @Nullable CacheConfig config) {
    long newest =
        caches.configurations().stream().mapToLong(Configuration::revision).max().orElse(0);
    long revision = Math.max(System.currentTimeMillis(), newest + 1);
    return new Command.Configure(List.of(new Configuration(cache, config, revision)));
  }

  /** Exchanges what is known with all members if these have changed; to be called now and then. */
  void agree() {
    long epoch = membership.epoch();
    if (epoch == agreed) {
      return;
    }
    everywhere
        .command(new Command.Configure(caches.configurations()))
        .thenAccept(
            reports -> {
              reports.reports().stream().map(Report::configurations).forEach(caches::configure);
              if (reports.missing().isEmpty()) {
                agreed = epoch;
              }
            });
  }
}
