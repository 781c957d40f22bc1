/**
 * Pieces of HTTP messages: the port between doors and the contract ({@link Request}, {@link
 * Reply}), and parsers of fields, queries and bodies. What is malformed is refused with what is
 * allowed, never ignored. Knows no servlet, no Jakarta REST and no door.
 */
@NullMarked
package io.smache.node.api.message;

import org.jspecify.annotations.NullMarked;
