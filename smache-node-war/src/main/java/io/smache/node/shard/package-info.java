/**
 * The guards: one singleton EJB a shard, whose write lock lets one write at a time into its shard.
 * Nothing here does I/O, so no lock is held over any.
 */
@NullMarked
package io.smache.node.shard;

import org.jspecify.annotations.NullMarked;
