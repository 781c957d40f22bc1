package io.smache.uplink;

import java.time.Duration;

/**
 * Whether uplink can be told by members that it is in touch with them: one whose lease has ended
 * may be dead, or it may be uplink that is cut off. All moments are ns of a monotonic clock. Not
 * thread-safe: the registry guards it.
 */
final class Touch {
  /** After so long without a word of any member, others may take their place. */
  static final Duration SILENCE = Duration.ofMinutes(1);

  private final long steadyNanos;
  private long memberHeardAt;

  /** When somebody was heard last whose word counts, and since when never for long not. */
  private long heardAt;

  private long since;

  Touch(Duration lease, long now) {
    this.steadyNanos = lease.toNanos() / 2;
    this.memberHeardAt = now;
    this.heardAt = now;
    this.since = now;
  }

  /**
   * Notes that somebody was heard. Who is not in the table yet may reach uplink when no member
   * does, and proves nothing; unless no member was heard for so long that all will be dead.
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

  /** Returns whether no member was heard for so long that others may take their place. */
  boolean isSilent(long now) {
    return now - memberHeardAt > SILENCE.toNanos();
  }

  /** Returns whether somebody has been heard again and again for half a lease. */
  boolean isSteady(long now) {
    return now - heardAt <= steadyNanos && now - since >= steadyNanos;
  }
}
