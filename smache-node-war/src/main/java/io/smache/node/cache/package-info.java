/**
 * The one way in: an operation on a key is done here or by the node that owns it, and the caller
 * need not know which.
 */
@NullMarked
package io.smache.node.cache;

import org.jspecify.annotations.NullMarked;
