/**
 * The boundary to where entries live: whoever executes operations knows no more of it than this.
 */
@NullMarked
package io.smache.node.engine;

import org.jspecify.annotations.NullMarked;
