/**
 * Calls to other nodes: HTTP/1.1 over connections that are kept, on the event loops of this node.
 * Knows nothing of what is said.
 */
@NullMarked
package io.smache.node.cluster.link;

import org.jspecify.annotations.NullMarked;
