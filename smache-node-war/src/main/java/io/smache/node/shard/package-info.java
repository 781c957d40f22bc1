/**
 * The shard beans: one singleton EJB a shard, whose write lock serializes the writes of its shard.
 * Nothing here does I/O, so no lock is held over I/O.
 */
@NullMarked
package io.smache.node.shard;

import org.jspecify.annotations.NullMarked;
