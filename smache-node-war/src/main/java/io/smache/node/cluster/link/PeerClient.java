package io.smache.node.cluster.link;

import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Calls other nodes. Thread-safe. */
public interface PeerClient {
  /**
   * Completes with the reply, whatever its status; fails when it is not completely here within the
   * timeout of the call. Small replies complete on an event loop: what continues must not block.
   */
  CompletableFuture<PeerReply> send(PeerCall call);

  /** Closes idle connections to nodes with other URLs than these. */
  void retain(List<URI> urls);
}
