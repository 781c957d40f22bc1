package io.smache.node.cache;

import io.smache.node.cluster.Membership;
import io.smache.node.cluster.SplitBrainGuard;
import io.smache.node.engine.Engine;
import io.smache.node.runtime.NodeScoped;
import io.smache.node.transfer.InboundTransfers;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Periodic maintenance, about once a second: frees the memory of ended and invalidated entries,
 * gives up transfers from crashed sources, and checks the other members while uplink is away.
 */
@NodeScoped
public class Upkeep {
  private static final Logger LOG = System.getLogger(Upkeep.class.getName());
  private static final long PAUSE_MILLIS = 1000;
  private static final long LOOK_MILLIS = 500;

  @Resource ManagedScheduledExecutorService scheduler;
  private final Engine engine;
  private final Configurations configurations;
  private final SplitBrainGuard splitBrainGuard;
  private final Membership membership;
  private final InboundTransfers inboundTransfers;

  private volatile @Nullable ScheduledFuture<?> scheduled;
  private volatile @Nullable ScheduledFuture<?> looking;

  @Inject
  Upkeep(
      Engine engine,
      Configurations configurations,
      SplitBrainGuard splitBrainGuard,
      Membership membership,
      InboundTransfers inboundTransfers) {
    this.engine = engine;
    this.configurations = configurations;
    this.splitBrainGuard = splitBrainGuard;
    this.membership = membership;
    this.inboundTransfers = inboundTransfers;
  }

  /** Begins. */
  public void start() {
    scheduled =
        scheduler.scheduleWithFixedDelay(this::tick, 0, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    looking = scheduler.scheduleWithFixedDelay(this::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Ends. */
  @PreDestroy
  public void stop() {
    cancel(scheduled);
    cancel(looking);
  }

  private static void cancel(@Nullable ScheduledFuture<?> task) {
    if (task != null) {
      task.cancel(false);
    }
  }

  private void look() {
    try {
      splitBrainGuard.look();
    } catch (Throwable e) {
      LOG.log(Level.WARNING, "checking the other members failed; retrying in 0.5 s", e);
    }
  }

  /** Catches everything: a scheduled task that throws is never run again. */
  private void tick() {
    try {
      engine.reclaim();
      membership.table().ifPresent(inboundTransfers::giveUp);
      configurations.agree();
    } catch (Throwable e) {
      LOG.log(Level.WARNING, "periodic maintenance failed; retrying in 1 s", e);
    }
  }
}
