package io.smache.uplink;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps partitions from moving back and forth: limits how soon a member that was found dead may own
 * partitions again, and how many may be removed within a minute. Members that leave by a drain are
 * not limited. Guarded by the registry; times are ns of a monotonic clock.
 */
final class FlapDamping {
  /** Deaths are forgotten after this time. */
  static final Duration MEMORY = Duration.ofMinutes(10);

  /** No member waits longer than this. */
  static final Duration LONGEST_HOLD = Duration.ofMinutes(5);

  /** Removals are counted within this time. */
  static final Duration WINDOW = Duration.ofMinutes(1);

  /** This many may be removed within a minute in any cluster. */
  static final int ALWAYS_ALLOWED = 2;

  private final Duration lease;
  private final Map<String, Deque<Long>> deaths = new HashMap<>();

  FlapDamping(Duration lease) {
    this.lease = lease;
  }

  void died(String name, long now) {
    forget(now);
    deaths.computeIfAbsent(name, none -> new ArrayDeque<>()).add(now);
  }

  /**
   * Returns whether a member still has to wait: not after its first death, longer after each
   * further one.
   */
  boolean holds(String name, long now) {
    forget(now);
    Deque<Long> times = deaths.get(name);
    if (times == null || times.size() < 2) {
      return false;
    }
    long hold = lease.toNanos() << Math.min(times.size() - 1, 20);
    return now - times.getLast() < Math.min(hold, LONGEST_HOLD.toNanos());
  }

  /** Returns whether one of the members may be removed now: at most half of them a minute. */
  boolean allowsRemoval(int members, long now) {
    long recent =
        deaths.values().stream()
            .flatMap(Deque::stream)
            .filter(time -> now - time < WINDOW.toNanos())
            .count();
    return recent < Math.max(ALWAYS_ALLOWED, (members + recent + 1) / 2);
  }

  private void forget(long now) {
    deaths.values().forEach(times -> times.removeIf(time -> now - time >= MEMORY.toNanos()));
    deaths.values().removeIf(Deque::isEmpty);
  }
}
