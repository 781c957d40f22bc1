package io.smache.node;

import io.smache.node.cache.TransferSender;
import io.smache.node.cache.Upkeep;
import io.smache.node.cluster.ClusterConfig;
import io.smache.node.cluster.Discovery;
import io.smache.node.cluster.Warmup;
import io.smache.node.http.FastPath;
import io.smache.node.http.Origins;
import io.smache.node.shard.Shards;
import io.smache.node.shard.ValueLimit;
import io.smache.node.store.Caches;
import io.smache.protocol.Member;
import io.smache.protocol.settings.SettingException;
import io.smache.protocol.settings.Settings;
import io.smache.protocol.settings.Version;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** The node: logs the banner, then joins its cluster. */
@ApplicationScoped
public class Node {
  private static final Logger LOG = System.getLogger(Node.class.getName());
  private static final long MEBIBYTE = 1 << 20;

  @Inject ClusterConfig config;
  @Inject Discovery discovery;
  @Inject Shards shards;
  @Inject Upkeep upkeep;
  @Inject TransferSender transferSender;
  @Inject Drain drain;
  @Inject Caches caches;
  @Inject @ValueLimit int valueLimit;

  /**
   * Starts.
   *
   * @throws SettingException when a setting is wrong
   */
  public void start() {
    if (valueLimit > caches.maxBytes()) {
      throw new SettingException(
          "SMACHE_MAX_VALUE_BYTES is %d but must be at most SMACHE_MAX_BYTES, which is %d"
              .formatted(valueLimit, caches.maxBytes()));
    }
    Settings settings = Settings.ofApplication();
    boolean fastPath = FastPath.isOpen(settings);
    Origins origins = Origins.allowed(settings);
    Warmup.loadClasses();
    drain.configure(settings);
    transferSender.start();
    greet(fastPath, origins);
    discovery.start();
    upkeep.start();
  }

  /** Hands everything over and stops. */
  public void stop() {
    drain.handOver();
    upkeep.stop();
    transferSender.stop();
    discovery.stop();
  }

  private void greet(boolean fastPath, Origins origins) {
    Member self = config.self();
    LOG.log(
        Level.INFO,
        """

          Smache {0}
            node       {1}
            url        {2}
            shards     {3}
            memory     {4} MiB for entries
            uplink     {5}
            fast path  {6}
            origins    {7}
            cluster    {8}""",
        Version.current(),
        self.name(),
        self.url(),
        Integer.toString(shards.count()),
        Long.toString(caches.maxBytes() / MEBIBYTE),
        config.uplink().orElse("none"),
        fastPath ? "on" : "off",
        origins.toString(),
        config.isLone() ? "alone: serves everything itself" : "joining");
  }
}
