package io.smache.node.cache;

import io.smache.node.store.Outcome;

/**
 * What came of an operation, and where.
 *
 * @param node name of the node that owns the key, or of this one while nobody does
 */
public record Answer(String node, Outcome outcome) {}
