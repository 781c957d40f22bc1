package io.smache.node.http;

import io.smache.node.cluster.PeerLink;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.protocol.http.UnexpectedExceptionMapper;
import io.smache.protocol.settings.Settings;
import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Enumeration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Answers plain forms of the most frequent requests without Jakarta REST: to find and call a
 * resource costs more than the request itself. The fast path only decides whether a request is
 * plain; the resources' own classes say what it means and how it is answered. Other requests pass
 * through untouched. {@code WEB-INF/web.xml} says where the fast path stands, {@code
 * SMACHE_FAST_PATH=false} that there is none.
 */
public final class FastPath extends HttpFilter {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = System.getLogger(FastPath.class.getName());
  private static final String SIMPLE = "/api";
  private static final String SIMPLE_KEY = EntryAddress.KEY + "=";
  private static final String INTERNAL = "/internal/";
  private static final String TTL = "ttl=";
  private static final Pattern TYPE = Pattern.compile("[a-z0-9.+-]+/[a-z0-9.+-]+");

  @Inject transient EntryRequests entries;
  @Inject transient SimpleRequests simple;
  @Inject transient PeerRequests peers;
  @Inject transient Downloads downloads;

  private boolean open;

  /**
   * Returns whether there is to be a fast path.
   *
   * @throws io.smache.protocol.settings.SettingException when that is set wrongly
   */
  public static boolean isOpen(Settings settings) {
    return settings.flag("SMACHE_FAST_PATH", true);
  }

  @Override
  public void init() {
    open = isOpen(Settings.ofApplication());
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    CompletionStage<Reply> answer = open && isPlain(request) ? answer(request) : null;
    if (answer == null) {
      chain.doFilter(request, response);
      return;
    }
    CompletableFuture<Reply> future = answer.toCompletableFuture().exceptionally(FastPath::failed);
    if (future.isDone() && !future.join().isLarge()) {
      future.join().writeTo(response);
      return;
    }
    try {
      finish(future, request.startAsync(request, response));
    } finally {
      CompletionGate.leave(request);
    }
  }

  private static boolean isPlain(HttpServletRequest request) {
    return isPlain(request, HttpHeaders.ACCEPT, FastPath::isPlainAccept)
        && isPlain(request, HttpHeaders.CONTENT_TYPE, FastPath::isPlainType)
        && request.getContextPath().isEmpty();
  }

  /** Other values are negotiated by Jakarta REST. */
  private static boolean isPlainAccept(String accept) {
    return accept.equals(MediaType.WILDCARD) || accept.equals(MediaType.APPLICATION_JSON);
  }

  /** A media type that every server understands in the same way. */
  private static boolean isPlainType(String type) {
    return type.equals(MediaType.APPLICATION_JSON) || TYPE.matcher(type).matches();
  }

  /** Returns whether a field is absent, or there once in a plain form. */
  private static boolean isPlain(HttpServletRequest request, String name, Predicate<String> form) {
    Enumeration<String> lines = request.getHeaders(name);
    return !lines.hasMoreElements() || (form.test(lines.nextElement()) && !lines.hasMoreElements());
  }

  /** Returns null for a request that is not plain. */
  private @Nullable CompletionStage<Reply> answer(HttpServletRequest request) throws IOException {
    String uri = request.getRequestURI();
    if (uri.equals(SIMPLE)) {
      return switch (request.getMethod()) {
        case "GET" -> get(request);
        case "POST" -> post(request);
        default -> null;
      };
    }
    if (uri.startsWith(INTERNAL)) {
      return internal(uri, request);
    }
    PlainPath path = PlainPath.of(uri);
    return path == null ? null : entry(path, request);
  }

  private @Nullable CompletionStage<Reply> get(HttpServletRequest request) {
    String query = request.getQueryString();
    if (query == null || !isPlain(query, SIMPLE_KEY)) {
      return null;
    }
    try {
      return simple.get(request);
    } catch (KeyException | WebApplicationException e) {
      return null;
    }
  }

  /** Once the body is read, the request cannot go on to Jakarta REST. */
  private @Nullable CompletionStage<Reply> post(HttpServletRequest request) throws IOException {
    if (request.getQueryString() != null
        || !MediaType.APPLICATION_JSON.equals(request.getContentType())
        || !simple.takes(request)) {
      return null;
    }
    try {
      return simple.post(request);
    } catch (KeyException e) {
      return completed(new KeyExceptionMapper().toResponse(e));
    } catch (WebApplicationException e) {
      return completed(e.getResponse());
    }
  }

  private @Nullable CompletionStage<Reply> entry(PlainPath path, HttpServletRequest request)
      throws IOException {
    String raw = request.getQueryString();
    String method = request.getMethod();
    boolean put = method.equals("PUT");
    if ((raw != null && !(put && isPlain(raw, TTL))) || (put && !entries.takes(request))) {
      return null;
    }
    try {
      Key key = Key.of(path.key());
      Query query = Query.of(raw);
      return switch (method) {
        case "GET" -> entries.get(path.cache(), key, query, request);
        case "HEAD" -> entries.head(path.cache(), key, request);
        case "PUT" -> entries.put(path.cache(), key, query, request);
        case "DELETE" -> entries.delete(path.cache(), key, request);
        default -> null;
      };
    } catch (KeyException | WebApplicationException e) {
      return null;
    }
  }

  private @Nullable CompletionStage<Reply> internal(String uri, HttpServletRequest request)
      throws IOException {
    boolean operations = uri.equals(PeerLink.OPERATIONS);
    if (!(operations || uri.equals(PeerLink.COMMANDS))
        || !request.getMethod().equals(HttpMethod.POST)
        || request.getQueryString() != null
        || !peers.takes(request)) {
      return null;
    }
    try {
      return operations
          ? peers.operations(request)
          : CompletableFuture.completedFuture(peers.command(request));
    } catch (WebApplicationException e) {
      return completed(e.getResponse());
    }
  }

  /** Returns whether a query is this one parameter, of which nothing has to be decoded. */
  private static boolean isPlain(String query, String parameter) {
    return query.startsWith(parameter)
        && PlainPath.isUnreserved(query, parameter.length(), query.length());
  }

  /** Answers a late failure as Jakarta REST would. */
  private static Reply failed(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return Reply.of(
        cause instanceof WebApplicationException refused
            ? refused.getResponse()
            : new UnexpectedExceptionMapper().toResponse(cause == null ? failure : cause));
  }

  private static CompletionStage<Reply> completed(Response response) {
    return CompletableFuture.completedFuture(Reply.of(response));
  }

  private void finish(CompletableFuture<Reply> future, AsyncContext context) {
    context.setTimeout(0);
    future
        .thenAccept(answer -> answer.sendTo(context, downloads))
        .exceptionally(
            failure -> {
              LOG.log(Level.WARNING, "a request was not answered", failure);
              Reply.fail((HttpServletResponse) context.getResponse());
              context.complete();
              return null;
            });
  }
}
