package io.smache.node.store;

/**
 * An entry in a list of entries.
 *
 * @param bytes of its value
 * @param left ms that it lives on, {@link Snapshot#ENDLESS} when it has no end, -1 when it has
 *     ended and may be served stale
 */
public record Listed(Key key, int bytes, Version version, long left) {}
