/**
 * The members of the cluster and the links to them: discovery through uplink, the partition table
 * in force, links to other nodes. No thread that answers HTTP waits here for the network.
 */
@NullMarked
package io.smache.node.cluster;

import org.jspecify.annotations.NullMarked;
