/**
 * Pages for operators in a browser. They are files that do not change and have no data: all that
 * they show they ask the API for, as any client does.
 */
@NullMarked
package io.smache.node.api.console;

import org.jspecify.annotations.NullMarked;
