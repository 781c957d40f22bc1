package io.smache.node.shard;

import io.smache.protocol.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;

/** Produces the shard count from the operator's settings. */
@ApplicationScoped
public class ShardLimitProducer {
  private static final int DEFAULT = 4;

  @Produces
  @ShardLimit
  int shardLimit() {
    return of(Settings.ofApplication());
  }

  static int of(Settings settings) {
    return (int) settings.positive("SHARD_LIMIT", DEFAULT, Integer.MAX_VALUE);
  }
}
