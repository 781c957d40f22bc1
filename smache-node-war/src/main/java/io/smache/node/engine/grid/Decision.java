package io.smache.node.engine.grid;

import java.util.Map;
import org.infinispan.commons.marshall.WrappedByteArray;
import org.jspecify.annotations.Nullable;

/**
 * What the owner of some keys has decided at one time, for all that have copies.
 *
 * @param placement number of the placement by which it is the owner
 * @param number its place among all decisions about these keys, from {@link Decisions}
 * @param cells the cells from now on, null for none
 */
record Decision(int placement, long number, Map<WrappedByteArray, byte @Nullable []> cells) {}
