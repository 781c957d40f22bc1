/**
 * HTTP in, HTTP out: translates requests to operations and outcomes to responses, and knows nothing
 * of where an entry is or how it is kept.
 */
@NullMarked
package io.smache.node.http;

import org.jspecify.annotations.NullMarked;
