package io.smache.node.api;

import io.smache.node.api.access.Access;
import io.smache.node.api.access.Caller;
import io.smache.node.api.access.CrossSite;
import io.smache.node.api.access.Origins;
import io.smache.node.api.batch.BatchRequests;
import io.smache.node.api.message.FieldName;
import io.smache.node.api.message.Percent;
import io.smache.node.api.message.Reply;
import io.smache.node.api.message.Request;
import io.smache.node.api.metrics.AccessLog;
import io.smache.node.api.metrics.Answered;
import io.smache.node.api.metrics.Answered.Asked;
import io.smache.node.api.metrics.RequestMeter;
import io.smache.node.api.metrics.SlowRequests;
import io.smache.node.api.simple.NullKeyException;
import io.smache.node.store.KeyException;
import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The contract of a node: answers every request that a door brings. Thread-safe. */
public class Api {
  private static final Logger LOG = System.getLogger(Api.class.getName());

  private final Router router;
  private final Origins origins;
  private final Access access;
  private final SlowRequests slow;
  private final AccessLog log;

  /**
   * Takes what is at the paths.
   *
   * @param origins whose pages may do what a client may
   * @param slow remembers requests that took long
   */
  Api(Router router, Origins origins, Access access, SlowRequests slow, AccessLog log) {
    this.router = router;
    this.origins = origins;
    this.access = access;
    this.slow = slow;
    this.log = log;
  }

  /** Completes with the reply to a request; never fails, never waits for the network. */
  public CompletionStage<Reply> reply(Request request) {
    return call(request).reply();
  }

  /** Returns what is known of a request by its head. */
  public Call call(Request request) {
    return new Call(request, router.match(request.path()));
  }

  /** A request, and what is at its path. For one thread, as the request. */
  public final class Call {
    private final Request request;
    private final Router.@Nullable Match match;

    private Call(Request request, Router.@Nullable Match match) {
      this.request = request;
      this.match = match;
    }

    /** Completes with the reply; never fails, never waits for the network. */
    public CompletionStage<Reply> reply() {
      long began = System.nanoTime();
      RequestMeter meter = router.meter(match, request.method());
      CompletableFuture<Reply> reply = answer().toCompletableFuture();
      if (reply.isDone() && !reply.isCompletedExceptionally()) {
        Reply made = reply.join();
        long nanos = System.nanoTime() - began;
        meter.count(made.status(), nanos);
        if (log.isOpen() || slow.isSlow(nanos)) {
          remember(Asked.of(request), user(), made, nanos);
        }
        Reply shared = CrossSite.sharing(request, origins).apply(made);
        return request.method().equals("HEAD") ? shared.withoutBody().now() : reply;
      }
      return await(reply, meter, began);
    }

    /** What is needed of the request is read before its reply is awaited. */
    private CompletionStage<Reply> await(
        CompletableFuture<Reply> reply, RequestMeter meter, long began) {
      Asked asked = Asked.of(request);
      String user = user();
      UnaryOperator<Reply> shared = CrossSite.sharing(request, origins);
      return reply.handle(
          (made, failure) -> {
            Reply each = shared.apply(failure == null ? made : failed(failure));
            long nanos = System.nanoTime() - began;
            meter.count(each.status(), nanos);
            remember(asked, user, each, nanos);
            return asked.method().equals("HEAD") ? each.withoutBody() : each;
          });
    }

    private @Nullable String user() {
      Caller caller = log.isOpen() ? access.caller(request) : null;
      return caller == null ? null : caller.name();
    }

    private void remember(Asked asked, @Nullable String user, Reply reply, long nanos) {
      boolean meant = asked.waits() || reply.status() == Status.UNAUTHORIZED;
      boolean isSlow = slow.isSlow(nanos) && !meant;
      if (!isSlow && !log.isOpen()) {
        return;
      }
      String node = reply.field(FieldName.NODE);
      Answered answered =
          new Answered(asked, Instant.now(), reply.status(), nanos, reply.contentLength(), node);
      if (isSlow) {
        slow.add(answered);
      }
      if (log.isOpen()) {
        log.write(answered, user);
      }
    }

    private CompletionStage<Reply> answer() {
      try {
        Router.Match found = allowed();
        return found.endpoint().reply(request, found.address());
      } catch (KeyException | IOException | RuntimeException e) {
        return failed(e).now();
      }
    }

    /**
     * Returns the refusal of a request that no handler gets: by its origin, path, method or Accept.
     * Null when one would get it.
     */
    public @Nullable Reply refusal() {
      try {
        allowed().endpoint().check(request);
        return null;
      } catch (ProblemException e) {
        return Reply.problem(e);
      }
    }

    private Router.Match allowed() {
      CrossSite.check(request, origins);
      if (match == null) {
        Percent.decode(request.path(), "the path", false);
        throw new ProblemException(Status.NOT_FOUND, "there is nothing at this path");
      }
      return match;
    }

    /** Returns how many bytes the body may have. */
    public int mostBytes() {
      return match == null ? 0 : match.endpoint().most();
    }

    /** Returns whether a door should take the shortest way. */
    public boolean isFrequent() {
      return match != null && match.endpoint().isFrequent();
    }

    /**
     * Returns whether a request of little body takes microseconds, so that an event loop may answer
     * it. A patch may read a large value, and a little body decode to a large one.
     */
    public boolean isLight() {
      return match != null
          && match.endpoint().isLight()
          && !request.method().equals("PATCH")
          && request.field(FieldName.CONTENT_ENCODING) == null;
    }

    /** Returns whether the reply is an exchange, so that the body is not gathered. */
    public boolean isStream() {
      return match != null
          && router.isBatch(match)
          && request.method().equals("POST")
          && BatchRequests.isStream(request);
    }
  }

  private static Reply failed(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException wrapped && wrapped.getCause() != null
            ? wrapped.getCause()
            : failure;
    if (cause instanceof ProblemException refused) {
      return Reply.problem(refused);
    }
    if (cause instanceof KeyException wrong) {
      return Reply.problem(Status.BAD_REQUEST, String.valueOf(wrong.getMessage()));
    }
    if (cause instanceof NullKeyException) {
      return NullKeyException.reply();
    }
    if (cause instanceof IOException) {
      LOG.log(Level.DEBUG, "a client has gone before the end of its request", cause);
      return Reply.problem(Status.BAD_REQUEST, "the body ended early");
    }
    LOG.log(Level.ERROR, "a request failed unexpectedly", cause);
    return Reply.problem(Status.INTERNAL_SERVER_ERROR, "internal server error; see the server log");
  }
}
