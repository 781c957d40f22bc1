package io.smache.node.cluster;

import io.smache.protocol.PartitionTable;

/** A new table is in force on this node. */
public record TableInForce(PartitionTable table) {}
