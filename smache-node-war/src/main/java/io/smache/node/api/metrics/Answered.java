package io.smache.node.api.metrics;

import io.smache.node.api.message.Request;
import io.smache.protocol.message.Status;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request, and what came of it.
 *
 * @param at when it was answered
 * @param nanos that it took
 * @param bytes of the body, -1 when they are not known
 * @param node the owner of the entry that it was about, null for none
 */
public record Answered(
    Asked asked, Instant at, Status status, long nanos, long bytes, @Nullable String node) {

  /**
   * What is kept of a request beyond its reply.
   *
   * @param path without its query, percent-encoded
   * @param protocol such as {@code HTTP/1.1}
   * @param from address of the client
   * @param waits whether its client wants it to wait
   */
  public record Asked(String method, String path, String protocol, String from, boolean waits) {
    private static final String WAIT = "wait=";

    /** Returns what is kept of a request. */
    public static Asked of(Request request) {
      String query = request.query();
      return new Asked(
          request.method(),
          request.path(),
          request.protocol(),
          request.remoteAddress(),
          query != null && query.contains(WAIT));
    }
  }
}
