package io.smache.node.rest;

import io.smache.node.api.message.Request;
import io.smache.node.cluster.InFlight;
import io.smache.protocol.message.ProblemException;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.HttpMethod;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Gathers a body as it comes, without a waiting thread. Takes memory for the bytes that came, not
 * for the announced length. The container calls one method at a time.
 */
final class Upload implements ReadListener {
  private static final String BODY = Upload.class.getName();
  private static final Set<String> WITH_BODY =
      Set.of(HttpMethod.PUT, HttpMethod.POST, HttpMethod.PATCH);
  private static final int FIRST_BYTES = 1 << 14;
  private static final int UNKNOWN = -1;

  private final ServletInputStream input;
  private final InFlight.Share share;
  private final int announced;
  private final int most;
  private final CompletableFuture<byte[]> body = new CompletableFuture<>();
  private byte[] bytes = {};
  private int length;

  /**
   * Prepares to gather.
   *
   * @param most bytes; of a longer body, this many and one are gathered, to be refused later
   * @param share bounds the memory of all that is gathered
   */
  Upload(HttpServletRequest request, int most, InFlight.Share share) throws IOException {
    this.input = request.getInputStream();
    this.announced = (int) Math.max(UNKNOWN, request.getContentLengthLong());
    this.most = most;
    this.share = share;
  }

  /** Returns whether some of a body is still to come. */
  static boolean isOnItsWay(HttpServletRequest request) throws IOException {
    long length = request.getContentLengthLong();
    if (length == 0 || !WITH_BODY.contains(request.getMethod())) {
      return false;
    }
    ServletInputStream input = request.getInputStream();
    return length > 0 ? input.available() < length : !input.isFinished();
  }

  /** Returns the gathered body of a request; null when it was not gathered. */
  static byte @Nullable [] of(HttpServletRequest request) {
    return (byte[]) request.getAttribute(BODY);
  }

  /** Lets {@link #of} find it. */
  static void keep(HttpServletRequest request, byte[] body) {
    request.setAttribute(BODY, body);
  }

  /**
   * Completes with the body; fails with a {@link ProblemException} to be answered, or with another
   * exception when the client is gone.
   */
  CompletableFuture<byte[]> body() {
    return body;
  }

  @Override
  public void onDataAvailable() throws IOException {
    while (!body.isDone() && input.isReady() && !input.isFinished()) {
      if (length < bytes.length || grows()) {
        length += Math.max(0, input.read(bytes, length, bytes.length - length));
      }
      if (length == announced || length > most) {
        complete();
      }
    }
  }

  /** Doubles the buffer, up to the largest possible body; fails when the bound is reached. */
  private boolean grows() {
    int end = announced == UNKNOWN ? most + 1 : announced;
    int room = Math.min(end, Math.max(FIRST_BYTES, 2 * length));
    if (!share.grow(room - bytes.length)) {
      return !body.completeExceptionally(Request.crowded());
    }
    bytes = Arrays.copyOf(bytes, room);
    return true;
  }

  private void complete() {
    body.complete(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
  }

  @Override
  public void onAllDataRead() {
    if (length < announced) {
      onError(new EOFException("the client sent %d of %d bytes".formatted(length, announced)));
    } else {
      complete();
    }
  }

  @Override
  public void onError(Throwable failure) {
    body.completeExceptionally(failure);
  }
}
