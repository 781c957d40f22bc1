/**
 * Translates HTTP requests to operations and outcomes to responses; independent of where and how
 * entries are kept.
 */
@NullMarked
package io.smache.node.http;

import org.jspecify.annotations.NullMarked;
