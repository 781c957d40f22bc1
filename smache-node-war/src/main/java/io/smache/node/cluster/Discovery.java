package io.smache.node.cluster;

import io.smache.node.runtime.NodeScoped;
import io.smache.node.runtime.Timeouts;
import io.smache.protocol.Assignment;
import io.smache.protocol.Lease;
import io.smache.protocol.PartitionTable;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps this node registered with uplink and its table fresh, for as long as the application runs.
 *
 * <p>Each round renews the lease and, if uplink has another epoch, fetches the table or offers the
 * own one. The next round comes after about a quarter of the lease, never at the same moment on all
 * nodes; after a failure after half a second. Nothing that happens in a round ends the rounds.
 */
@NodeScoped
public class Discovery {
  private static final Logger LOG = System.getLogger(Discovery.class.getName());
  private static final Duration AFTER_FAILURE = Duration.ofMillis(500);
  private static final long TICK_MILLIS = 100;
  private static final int ROUNDS_PER_LEASE = 4;

  /** Which part of a lease uplink may take to answer. */
  private static final int ANSWERS_PER_LEASE = 8;

  private static final long LONE_EPOCH = 1;
  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;
  private static final double JITTER = 0.2;

  @Resource ManagedScheduledExecutorService scheduler;
  private final ClusterConfig config;
  private final Membership membership;
  private final UplinkLink uplink;
  private final NewestTable newestTable;
  private final Warmup warmup;

  /** The last problem that was logged, so that it is logged once and not in every round. */
  private volatile String trouble = "";

  private volatile @Nullable ScheduledFuture<?> ticking;

  /** When the next round is due (ns of the monotonic clock). */
  private volatile long due;

  private volatile boolean left;
  private volatile boolean inTouch;
  private volatile long touchedSince = System.nanoTime();
  private volatile long leaseNanos;

  /** Counted from before uplink was asked, so that it never ends later than uplink's own count. */
  private volatile long leasedUntil = System.nanoTime();

  /** Takes what renews the lease, and what a node does before it joins. */
  @Inject
  public Discovery(
      ClusterConfig config,
      Membership membership,
      UplinkLink uplink,
      NewestTable newestTable,
      Warmup warmup) {
    this.config = config;
    this.membership = membership;
    this.uplink = uplink;
    this.newestTable = newestTable;
    this.warmup = warmup;
  }

  /** Starts the rounds; a node without uplink owns everything at once and needs none. */
  public void start() {
    if (config.isLone()) {
      membership.accept(
          Assignment.first(config.self().instance(), true, List.of(config.self()), LONE_EPOCH));
    } else {
      due = System.nanoTime();
      ticking = scheduler.scheduleWithFixedDelay(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Stops the rounds and leaves the cluster. */
  @PreDestroy
  public void stop() {
    ScheduledFuture<?> scheduled = ticking;
    if (scheduled == null || !scheduled.cancel(false) || left) {
      return;
    }
    try {
      leave();
    } catch (Exception e) {
      LOG.log(Level.INFO, "could not leave at uplink ({0}); the lease ends by itself", reason(e));
    }
  }

  /** A node unknown to uplink has left: an earlier answer may have been lost. */
  private void leave() throws Exception {
    try {
      await(uplink.leave());
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof RefusedException refused && refused.status() == NOT_FOUND)) {
        throw e;
      }
    }
    left = true;
    LOG.log(Level.INFO, "left the cluster");
  }

  /** Starts the next round at once, because uplink waits for the news of this node. */
  public void renewSoon() {
    due = System.nanoTime();
  }

  /** Asks uplink to give the partitions of a member to the others. */
  public CompletableFuture<Void> drain(String name) {
    if (config.isLone()) {
      return CompletableFuture.failedFuture(
          new RefusedException("this node has no uplink: it is a cluster of its own", CONFLICT));
    }
    return uplink.drain(name).thenRun(this::renewSoon);
  }

  /** Returns whether this node has left its cluster and only forwards requests. */
  public boolean hasLeft() {
    return left;
  }

  /** Returns whether uplink counts this node as alive, as far as this node can know. */
  public boolean isLeased() {
    return System.nanoTime() - leasedUntil < 0;
  }

  /** Returns whether uplink answered the last request. */
  public boolean isInTouch() {
    return inTouch;
  }

  /**
   * Returns whether uplink has been answering for long enough to have removed another member: when
   * uplink returns, every member has one lease time to renew.
   */
  public boolean isLongInTouch() {
    return inTouch && System.nanoTime() - touchedSince > leaseNanos / 2;
  }

  /** Renews at once, on the calling thread: for when scheduled tasks no longer run. */
  public void round() {
    due = System.nanoTime();
    tick();
  }

  /** Catches everything: a scheduled task that throws is never run again. */
  private synchronized void tick() {
    if (System.nanoTime() - due < 0) {
      return;
    }
    double factor = 1 - JITTER * ThreadLocalRandom.current().nextDouble();
    long before = due;
    Duration pause = AFTER_FAILURE;
    try {
      pause = renew();
      touchedSince = inTouch ? touchedSince : System.nanoTime();
      inTouch = true;
      overcome();
    } catch (Throwable e) {
      inTouch = false;
      complain(reason(e));
    }
    if (due == before) {
      due = System.nanoTime() + (long) (pause.toNanos() * factor);
    }
  }

  private Duration renew() throws Exception {
    if (!warmup.isOver()) {
      return Duration.ofMillis(TICK_MILLIS);
    }
    if (left || isHandedOver()) {
      return followOnly();
    }
    PartitionTable inForce = membership.table().orElse(null);
    long epoch = inForce == null ? 0 : inForce.epoch();
    long asked = System.nanoTime();
    Lease lease = awaitSoon(uplink.register(inForce, membership.arriving()));
    leaseNanos = TimeUnit.MILLISECONDS.toNanos(lease.millis());
    leasedUntil = asked + leaseNanos;
    if (lease.epoch() > epoch) {
      await(newestTable.fetch());
      return Duration.ZERO;
    }
    if (inForce != null && lease.epoch() < epoch) {
      await(uplink.offer(inForce));
    }
    boolean settled = lease.epoch() > 0 && membership.isActive();
    return settled ? Duration.ofMillis(lease.millis() / ROUNDS_PER_LEASE) : AFTER_FAILURE;
  }

  private boolean isHandedOver() {
    return membership.isDraining() && !membership.isOwner() && membership.leaving() == 0;
  }

  /** A node that has left still gets requests, and so needs the newest table. */
  private Duration followOnly() throws Exception {
    if (!left) {
      leave();
    }
    await(newestTable.fetch());
    return Duration.ofNanos(leaseNanos / ROUNDS_PER_LEASE);
  }

  /**
   * Short enough that every member notices a silent uplink before any lease ends: two pauses
   * between rounds, one answer, and a check of the others fit into a lease.
   */
  private <T> T awaitSoon(CompletableFuture<T> future) throws Exception {
    long nanos = leaseNanos == 0 ? Timeouts.ROUND.toNanos() : leaseNanos / ANSWERS_PER_LEASE;
    return future.get(nanos, TimeUnit.NANOSECONDS);
  }

  private static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(Timeouts.ROUND.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void complain(String reason) {
    if (!reason.equals(trouble)) {
      trouble = reason;
      LOG.log(
          Level.WARNING,
          "cannot renew the lease at uplink ({0}); this node {1} and retries",
          reason,
          membership.isActive() ? "goes on with epoch " + membership.epoch() : "waits");
    }
  }

  private void overcome() {
    if (!trouble.isEmpty()) {
      trouble = "";
      LOG.log(Level.INFO, "uplink answers again");
    }
  }

  private static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null
        && (cause instanceof ExecutionException || cause instanceof CompletionException)) {
      cause = cause.getCause();
    }
    if (cause instanceof RefusedException) {
      return "it refuses with " + cause.getMessage();
    }
    return cause instanceof TimeoutException ? "no answer in time" : cause.toString();
  }
}
