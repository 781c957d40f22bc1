/**
 * Partitions that move: their entries go from the old owner (source) to the new one (target). No
 * entry is lost, none is served that is no longer true, and no lock is held over the network.
 */
@NullMarked
package io.smache.node.transfer;

import org.jspecify.annotations.NullMarked;
