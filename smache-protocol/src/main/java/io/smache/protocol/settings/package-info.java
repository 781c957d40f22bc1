/**
 * How both WARs read what their operator sets: one sentence says which variable is wrong, what was
 * given and what is allowed.
 */
@NullMarked
package io.smache.protocol.settings;

import org.jspecify.annotations.NullMarked;
