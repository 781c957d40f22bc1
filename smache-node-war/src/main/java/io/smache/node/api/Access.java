package io.smache.node.api;

import io.smache.node.api.message.FieldName;
import io.smache.node.api.message.Reply;
import io.smache.node.api.message.Request;
import io.smache.node.cluster.Membership;
import io.smache.node.cluster.PeerLink;
import io.smache.protocol.ClusterSecret;
import io.smache.protocol.message.Status;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Decides who may send a request. Thread-safe. */
@Dependent
class Access {
  private static final Pattern LOOPBACK =
      Pattern.compile("127(?:\\.[0-9]{1,3}){3}|\\[?(?:::1|0:0:0:0:0:0:0:1)]?|localhost");

  /** A proxy sends one of them. */
  private static final List<String> PROXY_FIELDS =
      List.of(
          "Forwarded",
          "Via",
          "X-Forwarded-For",
          "X-Forwarded-Host",
          "X-Forwarded-Proto",
          "X-Real-IP");

  private final ClusterSecret secret;
  private final Membership membership;

  @Inject
  Access(ClusterSecret secret, Membership membership) {
    this.secret = secret;
    this.membership = membership;
  }

  /**
   * Returns 401 for administration without authority, null when it may proceed. The cluster secret
   * gives authority. A node without a secret gives it to its own machine: to connections from
   * loopback that no proxy has passed on, to a host name that no other machine can have.
   */
  @Nullable Reply refuseAdministration(Request request) {
    if (secret == ClusterSecret.NONE) {
      return isLocal(request)
          ? null
          : unauthorized(
              "administration of a node without SMACHE_SECRET is only possible from its own"
                  + " machine, at http://127.0.0.1");
    }
    return showsSecret(request)
        ? null
        : unauthorized(
            "administration needs the cluster secret: send Authorization: Bearer SMACHE_SECRET");
  }

  /** Returns 401 for a request that does not show the cluster secret, else null. */
  @Nullable Reply refuseStranger(Request request) {
    return showsSecret(request) ? null : unauthorized("this path is for members of the cluster");
  }

  /**
   * Returns 409 for a node of another cluster, which may have the same secret and reuse an address
   * of this one, else null.
   */
  @Nullable Reply refuseOtherCluster(Request request) {
    String shown = String.valueOf(request.field(PeerLink.CLUSTER_ID));
    return shown.equals(membership.cluster())
        ? null
        : Reply.problem(Status.CONFLICT, "this node is no member of the cluster " + shown);
  }

  /** Returns as {@link #refuseOtherCluster}; a node without a table accepts any first one. */
  @Nullable Reply refuseOtherTable(Request request) {
    return membership.clusterId().isEmpty() ? null : refuseOtherCluster(request);
  }

  private boolean showsSecret(Request request) {
    return secret.matches(request.field(FieldName.AUTHORIZATION));
  }

  private static Reply unauthorized(String detail) {
    return Reply.problem(Status.UNAUTHORIZED, detail).with(FieldName.WWW_AUTHENTICATE, "Bearer");
  }

  private static boolean isLocal(Request request) {
    return LOOPBACK.matcher(request.remoteAddress()).matches()
        && LOOPBACK.matcher(request.host()).matches()
        && PROXY_FIELDS.stream().allMatch(each -> request.field(each) == null);
  }
}
