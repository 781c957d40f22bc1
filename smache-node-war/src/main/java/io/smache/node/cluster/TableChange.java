package io.smache.node.cluster;

import io.smache.protocol.PartitionTable;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A new table is about to be in force on this node.
 *
 * @param before the table in force until now, null for none
 * @param kept partitions that this node owned all the while
 * @param owned all partitions that it owns in the new table
 */
public record TableChange(
    @Nullable PartitionTable before, PartitionTable table, BitSet kept, BitSet owned) {}
