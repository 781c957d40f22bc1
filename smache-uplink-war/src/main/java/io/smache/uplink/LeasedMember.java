package io.smache.uplink;

import io.smache.protocol.Member;

/**
 * A member as the registry holds it.
 *
 * @param until time (ns) at which its lease ends
 * @param epoch of its table in force, as it last reported; 0 for none
 * @param arriving how many partitions still arrive there, as it last reported
 * @param draining whether it is about to leave
 */
record LeasedMember(Member member, long until, long epoch, int arriving, boolean draining) {
  LeasedMember extended(long end) {
    return new LeasedMember(member, end, epoch, arriving, draining);
  }

  LeasedMember drained() {
    return new LeasedMember(member, until, epoch, arriving, true);
  }
}
