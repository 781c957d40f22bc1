package io.smache.uplink;

import io.smache.protocol.ClusterSecret;
import io.smache.protocol.settings.SettingException;
import io.smache.protocol.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Produces the registry and the secret from the operator's settings. */
@ApplicationScoped
public class Uplink {
  private static final long DEFAULT_LEASE_SECONDS = 10;
  private static final long MOST_LEASE_SECONDS = 3600;

  /** The registry of this deployment; {@code SMACHE_LEASE_SECONDS} is how long a lease runs. */
  @Produces
  @Singleton
  Registry registry() {
    return new Registry(lease(Settings.ofApplication()), System::nanoTime);
  }

  /** The secret, from {@code SMACHE_SECRET}. */
  @Produces
  @Singleton
  ClusterSecret secret() {
    ClusterSecret secret = Settings.ofApplication().secret();
    if (secret == ClusterSecret.NONE) {
      throw new SettingException(
          "SMACHE_SECRET is not set: uplink lets in only nodes that show it;"
              + " ./scripts/secret.sh prints a good one");
    }
    return secret;
  }

  static Duration lease(Settings settings) {
    return Duration.ofSeconds(
        settings.positive("SMACHE_LEASE_SECONDS", DEFAULT_LEASE_SECONDS, MOST_LEASE_SECONDS));
  }
}
