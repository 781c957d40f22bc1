/**
 * Entries in an embedded Infinispan, on as many members as are asked for: whoever crashes takes
 * nothing along that was acknowledged.
 */
@NullMarked
package io.smache.node.engine.grid;

import org.jspecify.annotations.NullMarked;
