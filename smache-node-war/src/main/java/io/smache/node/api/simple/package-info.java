/**
 * The simple API: any JSON under a key, at one path, as the Elixir original has it. Its values are
 * the entries of the default cache.
 */
@NullMarked
package io.smache.node.api.simple;

import org.jspecify.annotations.NullMarked;
