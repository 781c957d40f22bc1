/**
 * The node's own listener: HTTP/1.1 on event loops of Netty. It adapts bytes to requests and
 * replies to bytes, waits for nobody, and adds nothing to what the API means.
 */
@NullMarked
package io.smache.node.front;

import org.jspecify.annotations.NullMarked;
