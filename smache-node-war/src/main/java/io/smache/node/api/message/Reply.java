package io.smache.node.api.message;

import io.smache.protocol.message.Json;
import io.smache.protocol.message.Problem;
import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The reply to a request, for a door to send. Built by one thread, then only read. */
public final class Reply {
  /** How long a client should wait after 503, in seconds. */
  static final int RETRY_SECONDS = 1;

  private static final int USUAL_FIELDS = 8;
  private static final String NO_STORE = "no-store";

  private final Status status;

  /** Names and values in turn. */
  private String[] fields = new String[2 * USUAL_FIELDS];

  private int used;
  private byte @Nullable [] body;
  private @Nullable Exchange exchange;

  /** Whether the body is the shared value of an entry. */
  private boolean shared;

  private boolean cacheable;

  private Reply(Status status) {
    this.status = status;
  }

  /** Begins a reply without fields and without a body. */
  public static Reply of(Status status) {
    return new Reply(status);
  }

  /** Begins a reply with a value as JSON. */
  public static Reply json(Status status, Object value) {
    return json(status, Json.bytes(value));
  }

  /** Begins a reply with JSON text in UTF-8, which is taken and not copied. */
  public static Reply json(Status status, byte[] text) {
    return of(status).with(FieldName.CONTENT_TYPE, MediaTypes.JSON).body(text);
  }

  /** Begins a reply with problem details (RFC 9457); one of 503 tells when to retry. */
  public static Reply problem(Status status, String detail) {
    Reply reply =
        of(status)
            .with(FieldName.CONTENT_TYPE, Problem.MEDIA_TYPE)
            .body(new Problem(status, detail).json());
    return status == Status.SERVICE_UNAVAILABLE
        ? reply.with(FieldName.RETRY_AFTER, Integer.toString(RETRY_SECONDS))
        : reply;
  }

  /** Begins the reply to a request that was refused. */
  public static Reply problem(ProblemException refused) {
    Reply reply = problem(refused.status(), String.valueOf(refused.getMessage()));
    String allow = refused.allow();
    return allow.isEmpty() ? reply : reply.with(FieldName.ALLOW, allow);
  }

  /** Begins a reply with status 503: the same request may succeed later. */
  public static Reply unavailable(String reason) {
    return problem(Status.SERVICE_UNAVAILABLE, reason);
  }

  /** Returns a stage that is complete with this reply. */
  public CompletionStage<Reply> now() {
    return CompletableFuture.completedFuture(this);
  }

  /** Adds a field. */
  public Reply with(String name, String value) {
    cacheable |= name.equals(FieldName.CACHE_CONTROL);
    if (used == fields.length) {
      fields = Arrays.copyOf(fields, 2 * used);
    }
    fields[used++] = name;
    fields[used++] = value;
    return this;
  }

  /**
   * Sets the body, whose bytes are its Content-Length.
   *
   * @param bytes taken, not copied
   */
  public Reply body(byte[] bytes) {
    body = bytes;
    return this;
  }

  /**
   * Sets the value of an entry as the body, which takes no memory of its own.
   *
   * @param bytes taken, not copied
   */
  public Reply sharedBody(byte[] bytes) {
    shared = true;
    return body(bytes);
  }

  /** Lets the body be written while the request's body is read. */
  public Reply exchange(Exchange writing) {
    exchange = writing;
    return this;
  }

  /** Leaves the body out and keeps its length, as the reply to HEAD (RFC 9110, section 9.3.2). */
  public Reply withoutBody() {
    byte[] bytes = body;
    if (bytes != null) {
      with(FieldName.CONTENT_LENGTH, Integer.toString(bytes.length));
      body = null;
    }
    return this;
  }

  /** Returns the status. */
  public Status status() {
    return status;
  }

  /**
   * Passes the names and values of all fields on, except the length of the body. A reply that says
   * nothing about caches is not to be kept by them: one in front may choose for how long it keeps
   * it (RFC 9111, section 4.2.2).
   */
  public void eachField(BiConsumer<String, String> field) {
    for (int i = 0; i < used; i += 2) {
      field.accept(fields[i], fields[i + 1]);
    }
    if (!cacheable) {
      field.accept(FieldName.CACHE_CONTROL, NO_STORE);
    }
  }

  /** Returns whether the reply has a field. */
  public boolean hasField(String name) {
    return field(name) != null;
  }

  /** Returns the value of a field, of its first line when it has several; null for none. */
  public @Nullable String field(String name) {
    for (int i = 0; i < used; i += 2) {
      if (fields[i].equals(name)) {
        return fields[i + 1];
      }
    }
    return null;
  }

  /** Returns the body, null for none or one that is written by an exchange. */
  public byte @Nullable [] body() {
    return body;
  }

  /**
   * Returns the Content-Length to send, in bytes: a reply without a body says so, unless its status
   * does (RFC 9110, section 8.6). It is -1 when there is none to send, or a field has it.
   */
  public int contentLength() {
    byte[] bytes = body;
    if (bytes != null) {
      return bytes.length;
    }
    boolean none =
        exchange != null
            || status == Status.NO_CONTENT
            || status == Status.NOT_MODIFIED
            || hasField(FieldName.CONTENT_LENGTH);
    return none ? -1 : 0;
  }

  /** Returns what writes the body, null when it is complete. */
  public @Nullable Exchange exchange() {
    return exchange;
  }

  /** Returns how many bytes of the body exist for this reply alone. */
  public int ownBytes() {
    byte[] bytes = body;
    return bytes == null || shared ? 0 : bytes.length;
  }
}
