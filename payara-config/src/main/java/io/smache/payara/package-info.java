/**
 * What Payara's HTTP listener (Grizzly) needs to be told that no attribute of it tells: a filter
 * behind its parser that sees every request before a servlet container does. Knows Grizzly, and
 * nothing of Smache.
 */
@NullMarked
package io.smache.payara;

import org.jspecify.annotations.NullMarked;
