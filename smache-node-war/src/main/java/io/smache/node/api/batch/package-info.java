/**
 * Many operations in one request, as a JSON array or as lines. A malformed item fails alone; items
 * on one key are executed in order.
 */
@NullMarked
package io.smache.node.api.batch;

import org.jspecify.annotations.NullMarked;
