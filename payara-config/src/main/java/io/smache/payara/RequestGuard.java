package io.smache.payara;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.CharConversionException;
import java.io.IOException;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.EmptyCompletionHandler;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.WriteResult;
import org.glassfish.grizzly.attributes.Attribute;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.FilterChainEvent;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.http.HttpContent;
import org.glassfish.grizzly.http.HttpEvents.IncomingHttpUpgradeEvent;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.HttpResponsePacket;
import org.glassfish.grizzly.http.util.DataChunk;
import org.glassfish.grizzly.http.util.Header;
import org.glassfish.grizzly.http.util.HttpStatus;
import org.glassfish.grizzly.memory.Buffers;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every request before the servlet container does, and mends what that gets wrong:
 *
 * <ul>
 *   <li>a path that cannot be decoded is answered 400; the container fails over it and answers 200
 *   <li>a semicolon of a path is passed on as {@code %3B}; the container cuts parameters out of a
 *       path, so that another entry would be written
 *   <li>a field with NUL or CR is answered 400; the parser takes it, since it has to take bytes
 *       beyond ASCII
 *   <li>a length beside chunks is answered 400; the parser drops it when it comes first
 *   <li>empty lines before a request line are left out; the parser counts them to the method
 *   <li>CONNECT ends, and an upgrade to HTTP/2 is not taken up
 *   <li>before all applications are deployed, everything is answered 503 and not 404
 * </ul>
 *
 * <p>Looks at each request once, whatever parts its body comes in. Thread-safe.
 */
final class RequestGuard extends BaseFilter {
  /** System property that {@code post-deploy.asadmin} sets. */
  static final String DEPLOYED = "smache.deployed";

  private static final String CONTENT_LENGTH = "\ncontent-length:";
  private static final int RETRY_SECONDS = 1;

  /** Of requests whose body is still coming: a look at the head for each chunk costs too much. */
  private static final Attribute<Boolean> PASSED =
      Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute("smache.passed");

  private volatile boolean deployed;

  @Override
  public NextAction handleRead(FilterChainContext chain) throws IOException {
    HttpContent content = chain.getMessage();
    HttpRequestPacket request = (HttpRequestPacket) content.getHttpHeader();
    if (PASSED.isSet(request)) {
      return chain.getInvokeAction();
    }
    leaveOutEmptyLines(request);
    encodeSemicolons(request);
    Refusal refusal = refusal(request);
    if (refusal != null) {
      content.recycle();
      answer(chain, request, refusal);
      return deaf(chain);
    }
    if (!content.isLast()) {
      PASSED.set(request, Boolean.TRUE);
    }
    return chain.getInvokeAction();
  }

  /**
   * What follows on the connection is not read: the parser takes it for more of the same request,
   * would call this filter with it without end, and hold a thread for good.
   */
  private static NextAction deaf(FilterChainContext chain) {
    NextAction suspended = chain.getSuspendAction();
    chain.completeAndRecycle();
    return suspended;
  }

  private static void encodeSemicolons(HttpRequestPacket request) {
    DataChunk path = request.getRequestURIRef().getRequestURIBC();
    if (path.indexOf(';', 0) >= 0) {
      request.setRequestURI(path.toString().replace(";", "%3B"));
    }
  }

  /** An upgrade is not taken up: the request is one as any other, with a body that is parsed. */
  @Override
  public NextAction handleEvent(FilterChainContext chain, FilterChainEvent event) {
    if (event instanceof IncomingHttpUpgradeEvent upgrade) {
      upgrade.getHttpHeader().setIgnoreContentModifiers(false);
      upgrade.getHttpHeader().getUpgradeDC().recycle();
    }
    return chain.getInvokeAction();
  }

  /** Lines before a request line are none of its method (RFC 9112, section 2.2). */
  private static void leaveOutEmptyLines(HttpRequestPacket request) {
    String method = request.getMethod().getMethodString();
    if (method.startsWith("\r") || method.startsWith("\n")) {
      request.setMethod(method.strip());
    }
  }

  /** Why a request is not passed on. */
  private record Refusal(HttpStatus status, String detail) {}

  private @Nullable Refusal refusal(HttpRequestPacket request) {
    if (!isDeployed()) {
      return new Refusal(HttpStatus.SERVICE_UNAVAILABLE_503, "this server is starting");
    }
    if (request.getMethod().matchesMethod("CONNECT") || request.getMethod().matchesMethod("PRI")) {
      return new Refusal(
          HttpStatus.METHOD_NOT_ALLOWED_405, "this server is no proxy and does not speak HTTP/2");
    }
    if (!canBeDecoded(request)) {
      return bad("the path cannot be decoded: % takes two hexadecimal digits of UTF-8");
    }
    if (!isReadable(request.getHeaders().getValue(Header.ContentEncoding))) {
      return new Refusal(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE_415, "Content-Encoding must be gzip or identity");
    }
    if (request.isChunked() && Heads.of(request).contains(CONTENT_LENGTH)) {
      return bad("Content-Length and Transfer-Encoding exclude each other");
    }
    for (int i = 0; i < request.getHeaders().size(); i++) {
      DataChunk value = request.getHeaders().getValue(i);
      if (value.indexOf('\0', 0) >= 0 || value.indexOf('\r', 0) >= 0) {
        return bad(
            "the field %s has a control character".formatted(request.getHeaders().getName(i)));
      }
    }
    return null;
  }

  /** Decodes as the container will, which then finds it done. */
  private static boolean canBeDecoded(HttpRequestPacket request) {
    try {
      request.getRequestURIRef().getDecodedRequestURIBC();
      return true;
    } catch (CharConversionException | RuntimeException e) {
      return false;
    }
  }

  /** The parser spoils a coding with bytes beyond ASCII. */
  private static boolean isReadable(@Nullable DataChunk coding) {
    try {
      return coding == null || coding.toString() != null;
    } catch (IndexOutOfBoundsException e) {
      return false;
    }
  }

  private static Refusal bad(String detail) {
    return new Refusal(HttpStatus.BAD_REQUEST_400, detail);
  }

  private boolean isDeployed() {
    if (!deployed) {
      deployed = Boolean.getBoolean(DEPLOYED);
    }
    return deployed;
  }

  /** The rest of a body is not read: this is the last answer on the connection. */
  @SuppressWarnings("rawtypes") // Grizzly's own raw type
  private static void answer(FilterChainContext chain, HttpRequestPacket request, Refusal refusal) {
    byte[] body =
        "{\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\"}"
            .formatted(
                refusal.status().getReasonPhrase(),
                refusal.status().getStatusCode(),
                refusal.detail())
            .getBytes(UTF_8);
    HttpResponsePacket response = request.getResponse();
    refusal.status().setValues(response);
    response.setContentType("application/problem+json");
    response.setContentLengthLong(body.length);
    response.setHeader(Header.CacheControl, "no-store");
    response.setHeader(Header.Connection, "close");
    if (refusal.status().statusMatches(HttpStatus.SERVICE_UNAVAILABLE_503.getStatusCode())) {
      response.setHeader("Retry-After", Integer.toString(RETRY_SECONDS));
    }
    request.getProcessingState().setError(true);
    Connection<?> connection = chain.getConnection();
    chain.write(
        HttpContent.builder(response)
            .content(Buffers.wrap(chain.getMemoryManager(), body))
            .last(true)
            .build(),
        new EmptyCompletionHandler<WriteResult>() {
          @Override
          public void completed(WriteResult result) {
            connection.closeSilently();
          }
        });
  }
}
