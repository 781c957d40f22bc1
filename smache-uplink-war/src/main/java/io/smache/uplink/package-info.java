/**
 * The registry. It alone decides who is a member and who owns which partition; everything it knows
 * is in memory and can be learned again from the nodes.
 */
@NullMarked
package io.smache.uplink;

import org.jspecify.annotations.NullMarked;
