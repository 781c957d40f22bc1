/**
 * How both WARs answer what they refuse: problem details (RFC 9457) instead of a server's pages,
 * and 401 for who does not show the cluster secret. Knows Jakarta REST, servlets and CDI, and no
 * server.
 */
@NullMarked
package io.smache.protocol.http;

import org.jspecify.annotations.NullMarked;
