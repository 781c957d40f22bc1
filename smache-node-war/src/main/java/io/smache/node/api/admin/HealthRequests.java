package io.smache.node.api.admin;

import io.smache.node.api.message.Reply;
import io.smache.node.cluster.Discovery;
import io.smache.node.cluster.Membership;
import io.smache.node.cluster.SplitBrainGuard;
import io.smache.node.engine.Engine;
import io.smache.protocol.message.Status;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Liveness and readiness of this node. Thread-safe. */
@Dependent
public class HealthRequests {
  private static final byte[] EMPTY = "{}".getBytes(StandardCharsets.US_ASCII);

  private final Membership membership;
  private final SplitBrainGuard splitBrainGuard;
  private final Discovery discovery;
  private final Engine engine;

  /** Takes what tells whether this node is a member. */
  @Inject
  public HealthRequests(
      Membership membership, SplitBrainGuard splitBrainGuard, Discovery discovery, Engine engine) {
    this.membership = membership;
    this.splitBrainGuard = splitBrainGuard;
    this.discovery = discovery;
    this.engine = engine;
  }

  /** Returns an empty object for as long as the application answers (seed). */
  public Reply alive() {
    return Reply.json(Status.OK, EMPTY);
  }

  /** Returns 200 while this node is an active member of its cluster, else 503. */
  public Reply ready() {
    String reason = unready();
    return reason == null ? alive() : Reply.unavailable(reason);
  }

  /**
   * Returns 200 once this node has become a member of its cluster, whatever it is now; else 503.
   */
  public Reply started() {
    boolean begun = membership.table().isPresent() || discovery.hasLeft();
    return begun ? alive() : Reply.unavailable(Membership.NOT_JOINED);
  }

  private @Nullable String unready() {
    if (discovery.hasLeft() || membership.isDraining()) {
      return "this node is leaving its cluster";
    }
    if (splitBrainGuard.isDegraded()) {
      return "this node is cut off from its cluster";
    }
    return membership.isActive() ? engine.trouble().orElse(null) : Membership.NOT_JOINED;
  }
}
