package io.smache.uplink;

import java.time.Duration;

/**
 * Tracks whether uplink hears its members: a member whose lease has ended may be dead, or uplink
 * itself may be cut off. Times are ns of a monotonic clock. Not thread-safe: the registry guards
 * it.
 */
final class MemberContact {
  /** After this time without a heartbeat of any member, others may take their place. */
  static final Duration SILENCE = Duration.ofMinutes(1);

  private final long steadyNanos;
  private long memberHeardAt;

  /** Time of the last accepted heartbeat, and start of the current gap-free period. */
  private long heardAt;

  private long since;

  MemberContact(Duration lease, long now) {
    this.steadyNanos = lease.toNanos() / 2;
    this.memberHeardAt = now;
    this.heardAt = now;
    this.since = now;
  }

  /**
   * Records a heartbeat. A node that is not in the table may reach uplink when no member does, and
   * proves nothing, unless no member was heard for so long that all must be dead.
   */
  void hear(boolean member, long now) {
    if (!member && !isSilent(now)) {
      return;
    }
    if (now - heardAt > steadyNanos) {
      since = now;
    }
    heardAt = now;
    memberHeardAt = member ? now : memberHeardAt;
  }

  /** Returns whether no member was heard for {@link #SILENCE}. */
  boolean isSilent(long now) {
    return now - memberHeardAt > SILENCE.toNanos();
  }

  /** Returns whether heartbeats have come without a gap for half a lease. */
  boolean isSteady(long now) {
    return now - heardAt <= steadyNanos && now - since >= steadyNanos;
  }
}
