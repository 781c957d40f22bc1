package io.smache.uplink;

import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Removes members whose lease has ended and that do not answer a probe; looks twice a second. */
@Dependent
class LeaseMonitor {
  private static final Logger LOG = System.getLogger(LeaseMonitor.class.getName());
  private static final long PERIOD_MILLIS = 500;

  private final Registry registry;
  private final Probe probe;

  @Resource ManagedScheduledExecutorService scheduler;
  private volatile @Nullable ScheduledFuture<?> looking;
  private List<String> reported = List.of();

  @Inject
  LeaseMonitor(Registry registry, Probe probe) {
    this.registry = registry;
    this.probe = probe;
  }

  /** Begins to look. */
  void start() {
    looking =
        scheduler.scheduleWithFixedDelay(
            this::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Looks no more. */
  void stop() {
    ScheduledFuture<?> scheduled = looking;
    if (scheduled != null) {
      scheduled.cancel(false);
    }
  }

  /** Catches everything: a scheduled task that throws is never run again. */
  @SuppressWarnings("CatchingUnchecked")
  private void look() {
    try {
      CompletableFuture.allOf(
              registry.overdue().stream().map(this::judge).toArray(CompletableFuture[]::new))
          .join();
      registry.settle();
      if (registry.isListening()) {
        return;
      }
      report(
          registry.members().stream().map(Member::name).toList(),
          registry.table().map(PartitionTable::epoch).orElse(0L));
    } catch (Exception e) {
      LOG.log(Level.WARNING, "checking leases failed; retrying in 0.5 s", e);
    }
  }

  private CompletableFuture<Void> judge(Member member) {
    return probe
        .isAlive(member)
        .thenAccept(
            alive -> {
              if (alive) {
                registry.extend(member);
              } else {
                registry.expire(member);
              }
            });
  }

  private void report(List<String> members, long epoch) {
    if (!members.equals(reported)) {
      LOG.log(
          Level.INFO,
          "epoch {0}: joined {1}, gone {2}, members {3}",
          Long.toString(epoch),
          without(members, reported),
          without(reported, members),
          members);
      reported = members;
    }
  }

  private static List<String> without(List<String> all, List<String> others) {
    return all.stream().filter(name -> !others.contains(name)).toList();
  }
}
