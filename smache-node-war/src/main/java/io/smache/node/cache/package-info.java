/**
 * The one way in: executes an operation here or on the node that owns the key; the caller need not
 * know which.
 */
@NullMarked
package io.smache.node.cache;

import org.jspecify.annotations.NullMarked;
