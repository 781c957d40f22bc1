/** Tests of what only a server can show: the locks of the shard beans, and scheduled discovery. */
@NullMarked
package io.smache.node.container;

import org.jspecify.annotations.NullMarked;
