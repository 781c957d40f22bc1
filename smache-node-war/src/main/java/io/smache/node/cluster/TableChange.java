package io.smache.node.cluster;

import java.util.BitSet;

/**
 * A new table is about to be in force on this node.
 *
 * @param kept partitions that this node owned all the while
 * @param owned all partitions that it owns in the new table
 */
public record TableChange(BitSet kept, BitSet owned) {}
