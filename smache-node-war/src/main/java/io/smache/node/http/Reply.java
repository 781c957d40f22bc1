package io.smache.node.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.smache.protocol.http.ExactTypeResponse;
import io.smache.protocol.http.JsonProvider;
import io.smache.protocol.http.Problem;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import jakarta.ws.rs.core.Response.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The reply to a request, independent of the writer: Jakarta REST or the {@link FastPath}. Much
 * lighter than a {@link Response}. Built by one thread.
 */
final class Reply {
  private static final Logger LOG = System.getLogger(Reply.class.getName());
  private static final int USUAL_FIELDS = 8;

  /** Bytes that any connection accepts without waiting for its client. */
  static final int AT_ONCE = 1 << 16;

  private final int status;

  /** Names and values in turn. */
  private final List<String> fields = new ArrayList<>(2 * USUAL_FIELDS);

  private byte @Nullable [] body;

  /** Whether the body is the shared value of an entry. */
  private boolean shared;

  private Reply(int status) {
    this.status = status;
  }

  /** Begins a reply without fields and without a body. */
  static Reply of(Status status) {
    return new Reply(status.getStatusCode());
  }

  /** Begins a reply with problem details (RFC 9457). */
  static Reply problem(Status status, String detail) {
    Problem problem = new Problem(status.getReasonPhrase(), status.getStatusCode(), detail);
    return of(status).with(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE).body(json(problem));
  }

  /** Begins a reply with the content of a response. */
  static Reply of(Response response) {
    Reply reply = new Reply(response.getStatus());
    response
        .getHeaders()
        .forEach((name, values) -> values.forEach(value -> reply.with(name, value.toString())));
    Object entity = response.getEntity();
    if (entity != null) {
      reply.body = bytes(entity);
    }
    return reply;
  }

  private static byte[] bytes(Object entity) {
    if (entity instanceof byte[] bytes) {
      return bytes;
    }
    return entity instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : json(entity);
  }

  private static byte[] json(Object entity) {
    try {
      return JsonProvider.MAPPER.writeValueAsBytes(entity);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a field. */
  Reply with(String name, String value) {
    fields.add(name);
    fields.add(value);
    return this;
  }

  /** Sets the Content-Type, sent to the client exactly so. */
  Reply type(String type) {
    boolean plain = type.indexOf(';') < 0;
    return with(plain ? HttpHeaders.CONTENT_TYPE : ExactTypeResponse.EXACT, type);
  }

  /**
   * Sets the body and its Content-Length.
   *
   * @param bytes taken, not copied
   */
  Reply body(byte[] bytes) {
    body = bytes;
    return this;
  }

  /**
   * Sets the value of an entry as the body, which takes no memory of its own.
   *
   * @param bytes taken, not copied
   */
  Reply sharedBody(byte[] bytes) {
    shared = true;
    return body(bytes);
  }

  /** Returns the reply for Jakarta REST. */
  Response response() {
    ResponseBuilder response = Response.status(status);
    for (int i = 0; i < fields.size(); i += 2) {
      response.header(fields.get(i), fields.get(i + 1));
    }
    byte[] bytes = body;
    if (bytes != null) {
      response.entity(bytes).header(HttpHeaders.CONTENT_LENGTH, bytes.length);
    }
    return response.build();
  }

  /** Returns whether the status is 2xx. */
  boolean isSuccessful() {
    return Status.Family.familyOf(status) == Status.Family.SUCCESSFUL;
  }

  /** Returns whether sending may have to wait for the client. */
  boolean isLarge() {
    return body != null && body.length > AT_ONCE;
  }

  /** Writes it as the response to a request. */
  void writeTo(HttpServletResponse response) throws IOException {
    begin(response);
    if (body != null) {
      response.getOutputStream().write(body);
    }
  }

  private void begin(HttpServletResponse response) {
    response.setStatus(status);
    for (int i = 0; i < fields.size(); i += 2) {
      response.addHeader(fields.get(i), fields.get(i + 1));
    }
    if (!response.containsHeader(HttpHeaders.CACHE_CONTROL)) {
      response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    }
    if (body != null) {
      response.setContentLength(body.length);
    }
  }

  /** Writes it as the response of an exchange whose client may be gone, and completes that. */
  void sendTo(AsyncContext exchange, Downloads downloads) {
    HttpServletResponse response = (HttpServletResponse) exchange.getResponse();
    try {
      if (body != null && isLarge()) {
        begin(response);
        downloads.send(
            exchange, response, List.of(ByteBuffer.wrap(body)), shared ? 0 : body.length);
      } else {
        writeTo(response);
        exchange.complete();
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a client has gone before its answer", e);
      exchange.complete();
    }
  }

  /** Sets status 500, unless the response has begun. */
  static void fail(HttpServletResponse response) {
    if (!response.isCommitted()) {
      response.reset();
      response.setStatus(Status.INTERNAL_SERVER_ERROR.getStatusCode());
    }
  }
}
