/**
 * The functional core: keys, entries, shards and what a write does to an entry. It knows no server;
 * a write is a pure function, and only the guard around a shard decides when it runs.
 */
@NullMarked
package io.smache.node.store;

import org.jspecify.annotations.NullMarked;
