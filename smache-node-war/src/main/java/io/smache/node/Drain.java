package io.smache.node;

import io.smache.node.cluster.ClusterConfig;
import io.smache.node.cluster.Discovery;
import io.smache.node.cluster.Membership;
import io.smache.node.runtime.NodeScoped;
import io.smache.node.runtime.Timeouts;
import io.smache.node.shard.ShardBeans;
import io.smache.node.transfer.TransferSender;
import io.smache.protocol.settings.Settings;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Hands everything over before this process ends. By then no more requests come in, but calls still
 * go out, and they suffice: what is here is pushed.
 */
@NodeScoped
public class Drain {
  private static final Logger LOG = System.getLogger(Drain.class.getName());
  private static final long DEFAULT_SECONDS = 30;
  private static final long MOST_SECONDS = 3600;
  private static final long PAUSE_MILLIS = 100;

  private final ClusterConfig config;
  private final Discovery discovery;
  private final Membership membership;
  private final TransferSender transferSender;
  private final ShardBeans shardBeans;

  private int told;
  private Duration timeout = Duration.ofSeconds(DEFAULT_SECONDS);

  @Inject
  Drain(
      ClusterConfig config,
      Discovery discovery,
      Membership membership,
      TransferSender transferSender,
      ShardBeans shardBeans) {
    this.config = config;
    this.discovery = discovery;
    this.membership = membership;
    this.transferSender = transferSender;
    this.shardBeans = shardBeans;
  }

  /**
   * Reads {@code SMACHE_DRAIN_SECONDS}.
   *
   * @throws io.smache.protocol.settings.SettingException when it is wrong
   */
  void configure(Settings settings) {
    timeout =
        Duration.ofSeconds(
            settings.positive("SMACHE_DRAIN_SECONDS", DEFAULT_SECONDS, MOST_SECONDS));
  }

  /** Returns when all partitions are handed over, or cannot be in time. */
  void handOver() {
    boolean needless = config.isLone() || discovery.hasLeft() || !membership.isActive();
    if (needless || !hasPeers()) {
      return;
    }
    tell("hands everything over before it ends, within %d s".formatted(timeout.toSeconds()));
    long deadline = System.nanoTime() + timeout.toNanos();
    shardBeans.end();
    transferSender.stop();
    try {
      discovery.drain(config.self().name()).get(Timeouts.DRAIN.toMillis(), TimeUnit.MILLISECONDS);
      while (isLeft() && System.nanoTime() - deadline < 0) {
        discovery.round();
        transferSender.hurry();
        progress();
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      tell("uplink cannot be asked to take this node out: " + e);
    }
    tell(
        isLeft()
            ? "ends before all partitions are handed over, and what is left is lost; drain the node"
                + " first, or raise SMACHE_DRAIN_SECONDS"
            : "all partitions are handed over");
  }

  private void progress() {
    int leaving = membership.leaving();
    if (leaving != told) {
      told = leaving;
      tell("%d partitions are left to hand over".formatted(leaving));
    }
  }

  /** A server that stops may have closed its log already. */
  @SuppressWarnings("SystemOut") // there is nothing else left
  private static void tell(String message) {
    if (java.util.logging.Logger.getLogger("").getHandlers().length > 0) {
      LOG.log(Level.INFO, message);
    } else {
      System.err.println(message);
    }
  }

  private boolean hasPeers() {
    return membership.leaving() > 0
        || membership
            .table()
            .map(table -> !table.fixed() && table.staying().size() > 1)
            .orElse(false);
  }

  private boolean isLeft() {
    return membership.isOwner() || transferSender.isBusy();
  }
}
