/**
 * What a node and uplink say to each other: members, leases, the partition table and the secret
 * that both carry. Plain Java: nothing here knows a server.
 */
@NullMarked
package io.smache.protocol;

import org.jspecify.annotations.NullMarked;
