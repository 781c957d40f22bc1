package io.smache.protocol;

import java.util.regex.Pattern;

/**
 * A member that keeps its entries in a grid.
 *
 * @param address {@code host:port} under which other members of the grid reach it
 * @param backups copies of each entry beside its owner's, equal at all members
 */
public record MemberGrid(String address, int backups) {
  private static final Pattern ADDRESS =
      Pattern.compile("[^\\s:]{1,253}:[0-9]{1,5}|\\[[0-9a-fA-F:.]{2,45}]:[0-9]{1,5}");

  /**
   * Checks the address.
   *
   * @throws IllegalArgumentException when it is no {@code host:port}
   */
  public MemberGrid {
    if (!ADDRESS.matcher(address).matches()) {
      throw new IllegalArgumentException("grid address '" + address + "' must be host:port");
    }
  }
}
