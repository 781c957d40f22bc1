package io.smache.node.engine.grid;

import org.jspecify.annotations.Nullable;

/**
 * What the owner of a key has decided, for all that have copies.
 *
 * @param next the cell from now on, null for none
 * @param number its place among all decisions about the key, from {@link Decisions}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Decision(byte @Nullable [] next, long number) {}
