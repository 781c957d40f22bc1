package io.smache.node;

import io.smache.node.api.access.Origins;
import io.smache.node.api.access.TokensFile;
import io.smache.node.cache.Upkeep;
import io.smache.node.cluster.ClusterConfig;
import io.smache.node.cluster.Discovery;
import io.smache.node.cluster.Warmup;
import io.smache.node.engine.Engine;
import io.smache.node.front.Front;
import io.smache.node.rest.FastPath;
import io.smache.node.runtime.EventLoops;
import io.smache.node.runtime.NodeScoped;
import io.smache.node.shard.ValueLimit;
import io.smache.node.store.Caches;
import io.smache.node.transfer.TransferSender;
import io.smache.protocol.Member;
import io.smache.protocol.settings.SettingException;
import io.smache.protocol.settings.Settings;
import io.smache.protocol.settings.Version;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** The node: logs the banner, then joins its cluster. */
@NodeScoped
public class Node {
  private static final Logger LOG = System.getLogger(Node.class.getName());
  private static final long MEBIBYTE = 1 << 20;

  private final ClusterConfig config;
  private final Discovery discovery;
  private final Engine engine;
  private final TransferSender transferSender;
  private final Upkeep upkeep;
  private final Drain drain;
  private final Caches caches;
  private final int valueLimit;
  private final Origins origins;
  private final TokensFile tokens;
  private final Front front;
  private final EventLoops loops;

  @Inject
  Node(
      ClusterConfig config,
      Discovery discovery,
      Engine engine,
      TransferSender transferSender,
      Upkeep upkeep,
      Drain drain,
      Caches caches,
      @ValueLimit int valueLimit,
      Origins origins,
      TokensFile tokens,
      Front front,
      EventLoops loops) {
    this.config = config;
    this.discovery = discovery;
    this.engine = engine;
    this.transferSender = transferSender;
    this.upkeep = upkeep;
    this.drain = drain;
    this.caches = caches;
    this.valueLimit = valueLimit;
    this.origins = origins;
    this.tokens = tokens;
    this.front = front;
    this.loops = loops;
  }

  /**
   * Starts.
   *
   * @throws SettingException when a setting is wrong
   */
  public void start() {
    try {
      startAll();
    } catch (RuntimeException e) {
      front.stop();
      engine.stop();
      loops.stop(); // no server ends what a failed deployment has started
      throw e;
    } finally {
      EventLoops.leaveThread();
    }
  }

  private void startAll() {
    if (valueLimit > caches.maxBytes()) {
      throw new SettingException(
          "SMACHE_MAX_VALUE_BYTES is %d but must be at most SMACHE_MAX_BYTES, which is %d"
              .formatted(valueLimit, caches.maxBytes()));
    }
    Settings settings = Settings.ofApplication();
    boolean fastPath = FastPath.isOpen(settings);
    Warmup.loadClasses();
    drain.configure(settings);
    engine.start();
    transferSender.start();
    front.start();
    greet(fastPath);
    discovery.start();
    upkeep.start();
  }

  /** Hands everything over and stops. */
  public void stop() {
    drain.handOver();
    upkeep.stop();
    transferSender.stop();
    discovery.stop();
    front.stop();
    engine.stop();
    loops.stop();
  }

  private void greet(boolean fastPath) {
    Member self = config.self();
    LOG.log(
        Level.INFO,
        """

          Smache {0}
            node       {1}
            url        {2}
            engine     {3}
            memory     {4} MiB for entries
            uplink     {5}
            front      {9}
            fast path  {6}
            origins    {7}
            tokens     {10}
            cluster    {8}""",
        Version.current(),
        self.name(),
        self.url(),
        engine.description(),
        Long.toString(caches.maxBytes() / MEBIBYTE),
        config.uplink().orElse("none"),
        fastPath ? "on" : "off",
        origins.toString(),
        config.isLone() ? "alone: serves everything itself" : "joining",
        front.description().orElse("none; SMACHE_PORT names its port"),
        tokens.toString());
  }
}
