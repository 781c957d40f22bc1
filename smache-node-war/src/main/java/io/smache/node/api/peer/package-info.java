/**
 * The inside of a cluster: requests of other nodes. An operation is executed here or not at all; it
 * is never forwarded, so no request loops. What another node sends is checked as if a client had.
 */
@NullMarked
package io.smache.node.api.peer;

import org.jspecify.annotations.NullMarked;
