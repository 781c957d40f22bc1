/** What a node counts and measures, for Prometheus to read. */
@NullMarked
package io.smache.node.api.metrics;

import org.jspecify.annotations.NullMarked;
