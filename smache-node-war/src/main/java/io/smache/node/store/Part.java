package io.smache.node.store;

import java.util.List;

/**
 * A part of a partition on its way to its new owner.
 *
 * @param since epoch in which the partition came to that owner
 * @param last whether nothing follows
 */
public record Part(int partition, long since, List<Moved> moved, boolean last) {}
