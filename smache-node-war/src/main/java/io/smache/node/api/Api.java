package io.smache.node.api;

import io.smache.node.api.batch.BatchRequests;
import io.smache.node.api.message.Percent;
import io.smache.node.api.message.Reply;
import io.smache.node.api.message.Request;
import io.smache.node.api.simple.NullKeyException;
import io.smache.node.store.KeyException;
import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The contract of a node: answers every request that a door brings. Thread-safe. */
public class Api {
  private static final Logger LOG = System.getLogger(Api.class.getName());

  private final Router router;
  private final Origins origins;

  /**
   * Takes what is at the paths.
   *
   * @param origins whose pages may change something
   */
  Api(Router router, Origins origins) {
    this.router = router;
    this.origins = origins;
  }

  /** Completes with the reply to a request; never fails, never waits for the network. */
  public CompletionStage<Reply> reply(Request request) {
    boolean head = request.method().equals("HEAD");
    CompletableFuture<Reply> reply = answer(request).toCompletableFuture();
    if (reply.isDone() && !reply.isCompletedExceptionally()) {
      return head ? reply.join().withoutBody().now() : reply;
    }
    return reply.exceptionally(Api::failed).thenApply(each -> head ? each.withoutBody() : each);
  }

  private CompletionStage<Reply> answer(Request request) {
    try {
      Router.Match match = match(request);
      return match.endpoint().reply(request, match.address());
    } catch (KeyException | IOException | RuntimeException e) {
      return failed(e).now();
    }
  }

  /**
   * Returns the refusal of a request that no handler gets: by its origin, path, method or Accept.
   * Null when one would get it.
   */
  public @Nullable Reply refusal(Request request) {
    try {
      match(request).endpoint().check(request);
      return null;
    } catch (ProblemException e) {
      return Reply.problem(e);
    }
  }

  private Router.Match match(Request request) {
    CrossSite.check(request, origins);
    Router.Match match = router.match(request.path());
    if (match == null) {
      Percent.decode(request.path(), "the path", false);
      throw new ProblemException(Status.NOT_FOUND, "there is nothing at this path");
    }
    return match;
  }

  /** Returns how many bytes the body of a request may have. */
  public int mostBytes(Request request) {
    Router.Match match = router.match(request.path());
    return match == null ? 0 : match.endpoint().most();
  }

  /** Returns whether a door should take the shortest way with a request. */
  public boolean isFrequent(Request request) {
    Router.Match match = router.match(request.path());
    return match != null && match.endpoint().isFrequent();
  }

  /**
   * Returns whether a request of little body takes microseconds, so that an event loop may answer
   * it. A patch may read a large value.
   */
  public boolean isLight(Request request) {
    Router.Match match = router.match(request.path());
    return match != null && match.endpoint().isLight() && !request.method().equals("PATCH");
  }

  /** Returns whether the reply to a request is an exchange, so that its body is not gathered. */
  public boolean isStream(Request request) {
    Router.Match match = router.match(request.path());
    return match != null
        && router.isBatch(match)
        && request.method().equals("POST")
        && BatchRequests.isStream(request);
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
