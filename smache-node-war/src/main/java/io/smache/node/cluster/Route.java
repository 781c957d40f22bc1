package io.smache.node.cluster;

import io.smache.protocol.Member;

/** Where a key lives according to the table in force. */
public sealed interface Route {
  /** This node owns it. */
  record Here() implements Route {}

  /**
   * Another node owns it.
   *
   * @param epoch of the table that says so
   */
  record There(Member owner, long epoch) implements Route {}

  /** This node has no table yet. */
  record Nowhere() implements Route {}
}
