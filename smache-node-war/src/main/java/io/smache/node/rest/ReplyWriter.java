package io.smache.node.rest;

import io.smache.node.api.message.FieldName;
import io.smache.node.api.message.Reply;
import io.smache.protocol.http.ExactTypeResponse;
import io.smache.protocol.message.Status;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.List;

/** Replies as responses of servlets and of Jakarta REST. */
final class ReplyWriter {
  private static final Logger LOG = System.getLogger(ReplyWriter.class.getName());

  /** Bytes that any connection accepts without waiting for its client. */
  static final int AT_ONCE = 1 << 16;

  private ReplyWriter() {}

  /** Returns a reply for Jakarta REST. */
  static Response response(Reply reply) {
    ResponseBuilder response = Response.status(reply.status().code());
    reply.eachField((name, value) -> response.header(exact(name, value), value));
    byte[] body = reply.body();
    if (body != null) {
      response.entity(body);
    }
    int length = reply.contentLength();
    if (length >= 0) {
      response.header(FieldName.CONTENT_LENGTH, length);
    }
    return response.build();
  }

  /** A media type with parameters is spelled anew by servers, unless it goes past them. */
  private static String exact(String name, String value) {
    boolean parameters = name.equals(FieldName.CONTENT_TYPE) && value.indexOf(';') >= 0;
    return parameters ? ExactTypeResponse.EXACT : name;
  }

  /** Returns whether sending a reply may have to wait for its client. */
  static boolean isLarge(Reply reply) {
    byte[] body = reply.body();
    return body != null && body.length > AT_ONCE;
  }

  /** Sets status and fields. */
  static void begin(Reply reply, HttpServletResponse response) {
    response.setStatus(reply.status().code());
    reply.eachField((name, value) -> response.addHeader(exact(name, value), value));
    int length = reply.contentLength();
    if (length >= 0) {
      response.setContentLength(length);
    }
  }

  /** Writes a reply that is not large. */
  static void write(Reply reply, HttpServletResponse response) throws IOException {
    begin(reply, response);
    byte[] body = reply.body();
    if (body != null) {
      response.getOutputStream().write(body);
    }
    beginIfNotModified(response);
  }

  /**
   * Lets the head of a 304 go out. Servers add {@code Content-Length: 0} to an answer to HEAD that
   * ends before it has begun; a 304 has the length of the value or none (RFC 9110, section 8.6).
   */
  static void beginIfNotModified(HttpServletResponse response) throws IOException {
    if (response.getStatus() == HttpServletResponse.SC_NOT_MODIFIED) {
      response.flushBuffer();
    }
  }

  /** Writes a reply whose client may be gone, and completes the exchange. */
  static void send(Reply reply, AsyncContext exchange, Downloads downloads) {
    HttpServletResponse response = (HttpServletResponse) exchange.getResponse();
    byte[] body = reply.body();
    try {
      if (body != null && isLarge(reply)) {
        begin(reply, response);
        downloads.send(exchange, response, List.of(ByteBuffer.wrap(body)), reply.ownBytes());
      } else {
        write(reply, response);
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
      response.setStatus(Status.INTERNAL_SERVER_ERROR.code());
    }
  }
}
