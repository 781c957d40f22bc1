package io.smache.protocol;

/**
 * Uplink's answer to a registration. A duration, not a moment: no two clocks need to agree.
 *
 * @param millis for how long the member counts as alive without renewing, in ms
 * @param epoch epoch of the table that uplink publishes, 0 while it publishes none
 */
public record Lease(long millis, long epoch) {}
