package io.smache.uplink;

import io.smache.protocol.ClusterSecret;
import io.smache.protocol.PartitionTable;
import io.smache.protocol.settings.SettingException;
import io.smache.protocol.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Produces the registry and the secret from the operator's settings. */
@ApplicationScoped
public class Uplink {
  private static final long DEFAULT_LEASE_SECONDS = 10;
  private static final long MOST_LEASE_SECONDS = 3600;
  private static final Pattern FIXED =
      Pattern.compile("static:([1-9][0-9]{0,2}|10[01][0-9]|102[0-4])");

  /**
   * The registry of this deployment; {@code SMACHE_LEASE_SECONDS} is how long a lease runs, and
   * {@code SMACHE_CLUSTER} whether members may come and go.
   */
  @Produces
  @Singleton
  Registry registry() {
    Settings settings = Settings.ofApplication();
    return new Registry(lease(settings), fixedMembers(settings), System::nanoTime);
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

  /** Returns how many members a static cluster has, 0 for a dynamic one. */
  static int fixedMembers(Settings settings) {
    String text = settings.text("SMACHE_CLUSTER").orElse("dynamic");
    if (text.equals("dynamic")) {
      return 0;
    }
    Matcher fixed = FIXED.matcher(text);
    if (!fixed.matches()) {
      throw Settings.wrong(
          "SMACHE_CLUSTER",
          text,
          "'dynamic', or 'static:N' with N members from 1 to " + PartitionTable.PARTITIONS);
    }
    return Integer.parseInt(fixed.group(1));
  }

  static Duration lease(Settings settings) {
    return Duration.ofSeconds(
        settings.positive("SMACHE_LEASE_SECONDS", DEFAULT_LEASE_SECONDS, MOST_LEASE_SECONDS));
  }
}
