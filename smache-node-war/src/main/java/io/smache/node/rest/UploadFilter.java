package io.smache.node.rest;

import io.smache.node.api.Api;
import io.smache.node.api.message.Reply;
import io.smache.node.cluster.InFlight;
import io.smache.node.runtime.Timeouts;
import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Gathers bodies that come slowly before a request continues, without a waiting thread: there are
 * few HTTP threads, and any number of slow clients. {@code WEB-INF/web.xml} says where it stands.
 */
public final class UploadFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = System.getLogger(UploadFilter.class.getName());

  /**
   * A path that every server takes as it is; {@link ResumedRequest} tells which one was asked for.
   */
  private static final String FORWARDED = "/api";

  private static final String HTTP_1 = "HTTP/1.";

  private final transient InFlight uploads = InFlight.ofHeap();

  @Inject transient Api api;
  @Inject transient Downloads downloads;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    ServerRequest incoming = new ServerRequest(request);
    Api.Call call = api.call(incoming);
    int most = call.mostBytes();
    if (isOurs(request, most) && !call.isStream()) {
      gather(request, response, most);
    } else {
      chain.doFilter(request, response);
    }
  }

  /**
   * Excludes bodies that are too long, which are refused unread, before the server sends 100
   * (Continue); streams, which have threads of their own; and HTTP/2, over which Payara answered
   * resumed requests with an empty 200.
   */
  private static boolean isOurs(HttpServletRequest request, int most) throws IOException {
    return request.getProtocol().startsWith(HTTP_1)
        && request.getContentLengthLong() <= most
        && Upload.isOnItsWay(request);
  }

  private void gather(HttpServletRequest request, HttpServletResponse response, int most)
      throws IOException {
    InFlight.Share share = uploads.begin();
    Upload upload = new Upload(request, most, share);
    AsyncContext exchange = request.startAsync(request, response);
    exchange.setTimeout(0);
    ResumedRequest uploaded = new ResumedRequest(request, exchange);
    CompletionGate.await(
            request, upload.body().orTimeout(Timeouts.BODY.toSeconds(), TimeUnit.SECONDS))
        .whenComplete(
            (body, failure) -> {
              share.end();
              if (failure == null) {
                Upload.keep(request, body);
                exchange.start(() -> goOn(uploaded, response));
              } else {
                refuse(failure, exchange);
              }
            })
        .exceptionally(UploadFilter::log);
    request.getInputStream().setReadListener(upload);
  }

  /**
   * Serves the request in a thread of the server, by a forward. A dispatch would not do: Payara
   * loses one that comes just when the first thread leaves, and may never end the answer.
   */
  private static void goOn(ResumedRequest request, HttpServletResponse response) {
    Thread.currentThread().setContextClassLoader(UploadFilter.class.getClassLoader());
    try {
      request.getRequestDispatcher(FORWARDED).forward(request, response);
    } catch (IOException | ServletException | RuntimeException e) {
      LOG.log(Level.WARNING, "a request was not answered", e);
      if (!request.isAsyncStarted()) {
        ReplyWriter.fail(response);
      }
    } finally {
      CompletionGate.leave(request);
      request.leave();
    }
  }

  private void refuse(Throwable failure, AsyncContext exchange) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof TimeoutException) {
      String late = "the body was not there within %d s".formatted(Timeouts.BODY.toSeconds());
      last(Reply.problem(Status.REQUEST_TIMEOUT, late), exchange);
    } else if (cause instanceof ProblemException refused) {
      last(Reply.problem(refused), exchange);
    } else {
      exchange.complete();
    }
  }

  /** Closes the connection: the rest of the body would be taken for the next request. */
  private void last(Reply reply, AsyncContext exchange) {
    ReplyWriter.send(reply.with("Connection", "close"), exchange, downloads);
  }

  private static byte @Nullable [] log(Throwable failure) {
    LOG.log(Level.DEBUG, "a body did not arrive", failure);
    return null;
  }
}
