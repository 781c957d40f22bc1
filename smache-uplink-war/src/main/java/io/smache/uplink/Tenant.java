package io.smache.uplink;

import io.smache.protocol.Member;

/**
 * A member as the registry holds it.
 *
 * @param until moment (ns) until which its lease runs
 * @param epoch of the table it has in force, as it said last; 0 for none
 * @param arriving how many partitions it does not have as a whole yet, as it said last
 * @param draining whether it is about to leave
 */
record Tenant(Member member, long until, long epoch, int arriving, boolean draining) {
  Tenant extended(long end) {
    return new Tenant(member, end, epoch, arriving, draining);
  }

  Tenant drained() {
    return new Tenant(member, until, epoch, arriving, true);
  }
}
