package io.smache.node.shard;

import io.smache.node.store.Caches;
import io.smache.node.store.Clock;
import io.smache.protocol.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Produces the caches in which all shards of a node keep their entries. */
@ApplicationScoped
public class CachesProducer {
  private static final double DEFAULT_SHARE_OF_HEAP = 0.6;

  @Produces
  @Singleton
  Caches caches(@ValueLimit int valueLimit) {
    return new Caches(Clock.SYSTEM, maxBytes(Settings.ofApplication()), valueLimit);
  }

  /** Returns the bound in bytes, from {@code SMACHE_MAX_BYTES}; default 60 % of the heap. */
  static long maxBytes(Settings settings) {
    long heap = Runtime.getRuntime().maxMemory();
    return settings.positive("SMACHE_MAX_BYTES", (long) (heap * DEFAULT_SHARE_OF_HEAP), heap);
  }
}
