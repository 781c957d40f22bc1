/** The cache node: puts the packages below together into one application. */
@NullMarked
package io.smache.node;

import org.jspecify.annotations.NullMarked;
