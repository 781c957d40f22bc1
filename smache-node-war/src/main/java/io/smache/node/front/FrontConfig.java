package io.smache.node.front;

import io.smache.protocol.settings.Settings;
import java.util.Optional;

/**
 * Where and how the front listens.
 *
 * @param port to listen at, from 1; empty for no front
 * @param bind address to listen at
 * @param connections the most at a time
 */
public record FrontConfig(Optional<Integer> port, String bind, int connections) {
  private static final int MAX_PORT = 65_535;
  private static final int DEFAULT_CONNECTIONS = 10_000;

  /**
   * Reads {@code SMACHE_PORT}, {@code SMACHE_BIND} and {@code SMACHE_CONNECTIONS}.
   *
   * @throws io.smache.protocol.settings.SettingException when one is malformed
   */
  static FrontConfig of(Settings settings) {
    int port = (int) settings.positive("SMACHE_PORT", 0, MAX_PORT);
    return new FrontConfig(
        port == 0 ? Optional.empty() : Optional.of(port),
        settings.text("SMACHE_BIND").orElse("0.0.0.0"),
        (int) settings.positive("SMACHE_CONNECTIONS", DEFAULT_CONNECTIONS, Integer.MAX_VALUE));
  }
}
