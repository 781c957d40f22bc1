package io.smache.protocol.http;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Calls to other servers of the cluster, with a timeout for the whole answer. */
public final class Calls {
  /** How long the body may take after the request's own timeout. */
  public static final Duration READING = Duration.ofSeconds(1);

  private Calls() {}

  /**
   * Completes with the answer; fails when it is not here a second after the request's timeout. That
   * timeout alone ends when the fields of the answer have come (JDK-8208693): a peer that vanishes
   * after them would be awaited forever.
   *
   * @throws java.util.NoSuchElementException when the request has no timeout
   */
  public static <T> CompletableFuture<HttpResponse<T>> send(
      HttpClient client, HttpRequest request, BodyHandler<T> handler) {
    long timeout = request.timeout().orElseThrow().plus(READING).toMillis();
    CompletableFuture<HttpResponse<T>> call = client.sendAsync(request, handler);
    return call.copy()
        .orTimeout(timeout, TimeUnit.MILLISECONDS)
        .whenComplete(
            (response, failure) -> {
              if (failure instanceof TimeoutException) {
                call.cancel(true);
              }
            });
  }
}
