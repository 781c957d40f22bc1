/**
 * Requests about the entries of a cache: one entry, lists, invalidation. Maps requests to
 * operations and outcomes to replies; what an operation does is decided in the core.
 */
@NullMarked
package io.smache.node.api.entry;

import org.jspecify.annotations.NullMarked;
