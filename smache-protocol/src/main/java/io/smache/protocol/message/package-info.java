/**
 * What both WARs tell in messages of HTTP: status codes, problem details (RFC 9457), dates, JSON.
 * Plain Java: knows no servlet, no Jakarta REST and no server.
 */
@NullMarked
package io.smache.protocol.message;

import org.jspecify.annotations.NullMarked;
