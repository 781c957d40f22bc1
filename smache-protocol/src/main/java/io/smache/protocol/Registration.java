package io.smache.protocol;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a node tells uplink under its name, at first and at every renewal of its lease.
 *
 * @param url where other nodes reach it
 * @param instance id of the process
 * @param clusterId of the table it has in force, null for none
 * @param epoch epoch of the table it has in force, 0 for none: by it an uplink that was restarted
 *     learns how far the cluster had come
 * @param arriving how many of its partitions it does not have completely yet
 * @param grid what the node is in a grid; null when it keeps its entries in shards
 */
public record Registration(
    String url,
    String instance,
    @Nullable String clusterId,
    long epoch,
    int arriving,
    @Nullable MemberGrid grid) {
  /**
   * Checks that nothing is missing.
   *
   * @throws NullPointerException naming what is missing
   */
  public Registration {
    Objects.requireNonNull(url, "url is missing");
    Objects.requireNonNull(instance, "instance is missing");
  }
}
