/**
 * Who sends a request, and what they may do: tokens, the cluster's secret, and pages of other
 * origins. A request is judged once, at the node that it comes to.
 */
@NullMarked
package io.smache.node.api.access;

import org.jspecify.annotations.NullMarked;
