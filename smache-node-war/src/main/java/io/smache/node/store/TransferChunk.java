package io.smache.node.store;

import java.util.List;

/**
 * A chunk of the entries of a partition on its way to its target.
 *
 * @param since epoch in which the partition came to that owner
 * @param last whether nothing follows
 */
public record TransferChunk(
    int partition, long since, List<TransferredEntry> transferred, boolean last) {}
