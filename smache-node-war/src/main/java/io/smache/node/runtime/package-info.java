/** What holds for a node as a whole: how long it waits, and of which classes it has one object. */
@NullMarked
package io.smache.node.runtime;

import org.jspecify.annotations.NullMarked;
