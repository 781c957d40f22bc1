package io.smache.node.api;

import io.smache.node.api.entry.EntryAddress;
import io.smache.node.api.message.Accept;
import io.smache.node.api.message.FieldName;
import io.smache.node.api.message.MediaTypes;
import io.smache.node.api.message.Reply;
import io.smache.node.api.message.Request;
import io.smache.node.api.metrics.Meters;
import io.smache.node.api.metrics.RequestMeter;
import io.smache.node.store.KeyException;
import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What is at a path: its methods and how each is answered. Not changed after it is built. */
final class Endpoint {
  private static final String GET = "GET";
  private static final String HEAD = "HEAD";
  private static final String OPTIONS = "OPTIONS";

  /** All methods that are not allowed, so that there are few figures. */
  private static final String OTHER = "other";

  /** Methods whose replies have no content that a client could refuse. */
  private static final Set<String> WITHOUT_CONTENT = Set.of("PUT", "DELETE");

  private final Map<String, Handler> handlers = new HashMap<>();
  private final Map<String, String> hints = new HashMap<>();
  private final Map<String, RequestMeter> meters = new HashMap<>();
  private final @Nullable String type;
  private int most;
  private boolean frequent;
  private boolean light;

  private Endpoint(@Nullable String type) {
    this.type = type;
  }

  /** Answers one method. */
  @FunctionalInterface
  interface Handler {
    CompletionStage<Reply> reply(Request request, EntryAddress address)
        throws KeyException, IOException;
  }

  /** Begins one whose replies have any media type. */
  static Endpoint ofAny() {
    return new Endpoint(null);
  }

  /** Begins one whose replies have this media type; a client has to accept it. */
  static Endpoint of(String type) {
    return new Endpoint(type);
  }

  /** Answers a method. */
  Endpoint on(String method, Handler handler) {
    handlers.put(method, handler);
    return this;
  }

  /** Says why a method is not allowed here, in place of the usual sentence. */
  Endpoint hint(String method, String detail) {
    hints.put(method, detail);
    return this;
  }

  /** Allows bodies of this many bytes. */
  Endpoint most(int bytes) {
    most = bytes;
    return this;
  }

  /** Is asked often enough that a door should take the shortest way. */
  Endpoint frequent() {
    frequent = true;
    return this;
  }

  /** Takes microseconds, so that an event loop may answer. */
  Endpoint light() {
    light = true;
    return this;
  }

  /** Has the requests of each method measured. */
  void measure(Meters by, String api) {
    for (String method : methods()) {
      meters.put(method, by.requests(api, method));
    }
    meters.put(OTHER, by.requests(api, OTHER));
  }

  /** Returns what measures the requests of a method. */
  RequestMeter meter(String method) {
    RequestMeter own = meters.get(method);
    return Objects.requireNonNull(own == null ? meters.get(OTHER) : own);
  }

  /** Returns the most bytes of a body. */
  int most() {
    return most;
  }

  boolean isFrequent() {
    return frequent;
  }

  boolean isLight() {
    return light;
  }

  /** Returns how a method is answered; null for one that is not allowed, and for OPTIONS. */
  private @Nullable Handler handler(String method) {
    Handler own = handlers.get(method);
    return own == null && method.equals(HEAD) ? handlers.get(GET) : own;
  }

  /**
   * Answers a request.
   *
   * @throws ProblemException 405 or 406, or what the method's own handler throws
   */
  CompletionStage<Reply> reply(Request request, EntryAddress address)
      throws KeyException, IOException {
    Handler handler = handler(request.method());
    if (handler != null) {
      checkAccept(request);
      return handler.reply(request, address);
    }
    if (request.method().equals(OPTIONS)) {
      String allow = String.join(", ", methods());
      return Reply.of(Status.NO_CONTENT).with(FieldName.ALLOW, allow).now();
    }
    throw notAllowed(request);
  }

  /**
   * Refuses a request that has no handler, or whose client does not accept the reply.
   *
   * @throws ProblemException 405 or 406
   */
  void check(Request request) {
    if (handler(request.method()) == null && !request.method().equals(OPTIONS)) {
      throw notAllowed(request);
    }
    checkAccept(request);
  }

  private void checkAccept(Request request) {
    String accept = request.field(FieldName.ACCEPT);
    boolean accepted = Accept.accepts(type == null ? MediaTypes.JSON : type, accept);
    if (!accepted && type != null && !WITHOUT_CONTENT.contains(request.method())) {
      throw new ProblemException(
          Status.NOT_ACCEPTABLE, "this path answers %s but Accept is '%s'".formatted(type, accept));
    }
  }

  private ProblemException notAllowed(Request request) {
    String detail =
        hints.getOrDefault(request.method(), "method not allowed; see the Allow header");
    return new ProblemException(Status.METHOD_NOT_ALLOWED, detail, methods());
  }

  private Set<String> methods() {
    Set<String> methods = new TreeSet<>(handlers.keySet());
    methods.add(OPTIONS);
    if (methods.contains(GET)) {
      methods.add(HEAD);
    }
    return methods;
  }
}
