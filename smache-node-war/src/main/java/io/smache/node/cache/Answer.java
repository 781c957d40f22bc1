package io.smache.node.cache;

import io.smache.node.store.Outcome;

/**
 * The outcome of an operation, and the node that produced it.
 *
 * @param node name of the node that owns the key, or of this node while no node does
 */
public record Answer(String node, Outcome outcome) {}
