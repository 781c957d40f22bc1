/** Entries in the shards of the nodes: one owner for each key, writes under the lock of a shard. */
@NullMarked
package io.smache.node.engine.shards;

import org.jspecify.annotations.NullMarked;
