package io.smache.node.shard;

import io.smache.protocol.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;

/** Produces the longest body that is taken from the operator's settings. */
@ApplicationScoped
public class ValueLimitProducer {
  private static final int DEFAULT = 8 << 20;

  /** An array of bytes cannot be longer, and some room is left for what surrounds the value. */
  private static final int MOST = 1 << 30;

  @Produces
  @ValueLimit
  int valueLimit() {
    return of(Settings.ofApplication());
  }

  static int of(Settings settings) {
    return (int) settings.positive("SMACHE_MAX_VALUE_BYTES", DEFAULT, MOST);
  }
}
