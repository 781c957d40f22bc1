package io.smache.uplink;

import io.smache.protocol.Member;

/** Another process holds a lease under the same name. */
final class NameTakenException extends Exception {
  private static final long serialVersionUID = 1L;

  NameTakenException(Member holder) {
    super(
        "the name '%s' belongs to the node at %s; give this node another NODE_NAME, or wait until its lease ends"
            .formatted(holder.name(), holder.url()));
  }
}
