package io.smache.node.store;

/**
 * What a write is given beside the entry: all it needs to know of the world.
 *
 * @param version of the entry that it leaves behind
 * @param nanos on the clock that only goes forward
 * @param epochSeconds on the wall clock
 * @param defaults what the cache says of lifetimes
 */
public record WriteContext(Version version, long nanos, int epochSeconds, LifetimeSpec defaults) {}
