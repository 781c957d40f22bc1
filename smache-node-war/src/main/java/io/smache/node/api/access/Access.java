package io.smache.node.api.access;

import io.smache.node.api.message.FieldName;
import io.smache.node.api.message.Reply;
import io.smache.node.api.message.Request;
import io.smache.node.api.metrics.Meters;
import io.smache.node.cluster.Membership;
import io.smache.node.cluster.PeerLink;
import io.smache.node.runtime.NodeScoped;
import io.smache.protocol.ClusterSecret;
import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may send a request. With tokens, each request shows one that has the right, as a
 * bearer token (RFC 6750, section 2.1), or the cluster's secret, which has all. Thread-safe.
 */
@NodeScoped
public class Access {
  private static final Pattern LOOPBACK =
      Pattern.compile("127(?:\\.[0-9]{1,3}){3}|\\[?(?:::1|0:0:0:0:0:0:0:1)]?|localhost");

  private static final String BEARER = "Bearer ";

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
  private final TokensFile tokens;
  private final Meters meters;
  private final FailedAttempts failed = new FailedAttempts();

  /** Takes the secret and the tokens, what knows the cluster, and what counts refusals. */
  @Inject
  public Access(ClusterSecret secret, Membership membership, TokensFile tokens, Meters meters) {
    this.secret = secret;
    this.membership = membership;
    this.tokens = tokens;
    this.meters = meters;
  }

  /** Returns whether nobody needs a token. */
  public boolean isOpen() {
    return tokens.tokens() == null;
  }

  /** Returns who sends a request; null for one without a token, or with one that is not known. */
  public @Nullable Caller caller(Request request) {
    Tokens known = tokens.tokens();
    if (known == null) {
      return Caller.ANYBODY;
    }
    String token = token(request);
    if (token == null) {
      return null;
    }
    return showsSecret(request) ? Caller.ANYBODY : known.find(token);
  }

  /**
   * Returns who sends a request that was let through.
   *
   * @throws ProblemException 401 when its token was taken back meanwhile
   */
  public Caller known(Request request) {
    Caller caller = caller(request);
    if (caller == null) {
      throw new ProblemException(Status.UNAUTHORIZED, "the token was taken back");
    }
    return caller;
  }

  /** Returns the token that a request shows, whatever it is worth; null for none. */
  private static @Nullable String token(Request request) {
    String shown = request.field(FieldName.AUTHORIZATION);
    return shown != null && shown.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? shown.substring(BEARER.length()).strip()
        : null;
  }

  /** Completes with 401 or 403 for a request that may not do this with a cache; else null. */
  public @Nullable CompletionStage<Reply> refuse(Request request, Right right, String cache) {
    return refuse(
        request, caller -> caller.may(right, cache), caller -> lack(caller, right, cache), right);
  }

  /** Completes with 401 or 403 for a request that may do this with no cache; else null. */
  public @Nullable CompletionStage<Reply> refuseAnywhere(Request request, Right right) {
    return refuse(
        request,
        caller -> caller.mayAnywhere(right),
        caller -> sentence(caller, right, "for any cache"),
        right);
  }

  /** Completes with 401 or 403 for a request that may not do this with all caches; else null. */
  public @Nullable CompletionStage<Reply> refuseEverywhere(Request request, Right right) {
    return refuse(
        request,
        caller -> caller.mayEverywhere(right),
        caller -> sentence(caller, right, "for all caches, '*'"),
        right);
  }

  private @Nullable CompletionStage<Reply> refuse(
      Request request, Predicate<Caller> allowed, Function<Caller, String> lack, Right right) {
    if (isOpen()) {
      return null;
    }
    Caller caller = caller(request);
    if (caller == null) {
      return unknown(request);
    }
    return allowed.test(caller) ? null : forbidden(lack.apply(caller), right).now();
  }

  /** Completes with 401 for a request without a token that is known; else null. */
  public @Nullable CompletionStage<Reply> refuseUnknown(Request request) {
    return isOpen() || caller(request) != null ? null : unknown(request);
  }

  private CompletionStage<Reply> unknown(Request request) {
    if (token(request) == null) {
      return unauthorized("send a token: Authorization: Bearer TOKEN").now();
    }
    meters.rejected("token");
    Reply wrong =
        Reply.problem(
                Status.UNAUTHORIZED,
                "no such token is known here: Authorization is to be Bearer TOKEN")
            .with(FieldName.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
    long delay = failed.add(request.remoteAddress());
    return delay == 0
        ? wrong.now()
        : new CompletableFuture<Reply>().completeOnTimeout(wrong, delay, TimeUnit.MILLISECONDS);
  }

  private Reply forbidden(String lack, Right right) {
    meters.rejected("right");
    return Reply.problem(Status.FORBIDDEN, lack)
        .with(
            FieldName.WWW_AUTHENTICATE,
            "Bearer error=\"insufficient_scope\", scope=\"%s\"".formatted(right));
  }

  /** Returns the sentence about a right that a caller does not have for a cache. */
  public static String lack(Caller caller, Right right, String cache) {
    return sentence(caller, right, "for the cache '%s'".formatted(cache));
  }

  private static String sentence(Caller caller, Right right, String where) {
    return "the token '%s' has not the right '%s' %s".formatted(caller.name(), right, where);
  }

  /**
   * Completes with 401 for administration of a cache without authority, or 403; null when it may
   * proceed. A token with the right gives authority, and so does the cluster secret. A node without
   * both gives it to its own machine: to connections from loopback that no proxy has passed on, to
   * a host name that no other machine can have.
   */
  public @Nullable CompletionStage<Reply> refuseAdministration(Request request, String cache) {
    return isOpen() ? refuseWithoutTokens(request) : refuse(request, Right.ADMIN, cache);
  }

  /** As {@link #refuseAdministration(Request, String)}, of what is more than a cache. */
  public @Nullable CompletionStage<Reply> refuseAdministration(Request request) {
    return isOpen() ? refuseWithoutTokens(request) : refuseEverywhere(request, Right.ADMIN);
  }

  private @Nullable CompletionStage<Reply> refuseWithoutTokens(Request request) {
    if (secret == ClusterSecret.NONE) {
      return isLocal(request)
          ? null
          : unauthorized(
                  "administration of a node without SMACHE_SECRET is only possible from its own"
                      + " machine, at http://127.0.0.1")
              .now();
    }
    return showsSecret(request)
        ? null
        : unauthorized(
                "administration needs the cluster secret: send Authorization: Bearer"
                    + " SMACHE_SECRET")
            .now();
  }

  /** Returns 401 for a request that does not show the cluster secret, else null. */
  public @Nullable Reply refuseStranger(Request request) {
    return showsSecret(request) ? null : unauthorized("this path is for members of the cluster");
  }

  /**
   * Returns 409 for a node of another cluster, which may have the same secret and reuse an address
   * of this one, else null.
   */
  public @Nullable Reply refuseOtherCluster(Request request) {
    String shown = String.valueOf(request.field(PeerLink.CLUSTER_ID));
    return shown.equals(membership.cluster())
        ? null
        : Reply.problem(Status.CONFLICT, "this node is no member of the cluster " + shown);
  }

  /** Returns as {@link #refuseOtherCluster}; a node without a table accepts any first one. */
  public @Nullable Reply refuseOtherTable(Request request) {
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
