/**
 * Calls to other nodes: HTTP/1.1 over connections that are kept, on the event loops of this node.
 * Does not look into the messages.
 */
@NullMarked
package io.smache.node.cluster.link;

import org.jspecify.annotations.NullMarked;
