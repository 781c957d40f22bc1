package io.smache.node.engine;

import io.smache.node.store.Outcome;

/**
 * The outcome of an operation, and the node that produced it.
 *
 * @param node name of the node that owns the key, or of this node while no node does
 */
public record Answer(String node, Outcome outcome) {
  /** The most bytes of values in the answers to many operations: a sixteenth of the heap. */
  public static final long MAX_BYTES = Runtime.getRuntime().maxMemory() / 16;
}
