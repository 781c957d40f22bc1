package io.smache.protocol.http;

import io.smache.protocol.message.HttpDate;
import io.smache.protocol.message.Methods;
import io.smache.protocol.message.Problem;
import io.smache.protocol.message.Status;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.util.Enumeration;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what a server's listener lets through although HTTP/1.1 forbids it: framing that two
 * parties could read differently (RFC 9112, section 6), methods in another case, two hosts. Adds
 * what a listener leaves out: the date of a response. The first filter of each application, which
 * may refuse more. Thread-safe.
 */
public class HttpGuard extends HttpFilter {
  private static final long serialVersionUID = 1L;
  private static final String TRANSFER_ENCODING = "Transfer-Encoding";
  private static final String CHUNKED = "chunked";
  private static final String HTTP_1_1 = "HTTP/1.1";
  private static final Set<String> KNOWN =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT");

  /** More digits than a long has are no length of anything. */
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

  /** The whole server, as the target of OPTIONS (RFC 9112, section 3.2.4). */
  private static final String ASTERISK = "*";

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    response.setHeader(HttpHeaders.DATE, HttpDate.now());
    Problem malformed = malformed(request);
    Problem refused = malformed == null ? refused(request) : null;
    if (malformed != null) {
      response.setHeader("Connection", "close");
      Responses.write(malformed, response);
    } else if (refused != null) {
      Responses.write(refused, response);
    } else if (request.getRequestURI().equals(ASTERISK)) {
      response.setHeader(HttpHeaders.ALLOW, Methods.SUPPORTED);
      response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    } else {
      chain.doFilter(AcceptedRequest.of(request), new ExactTypeResponse(response));
    }
  }

  /** Returns why the application refuses a request that HTTP allows; null for no reason. */
  protected @Nullable Problem refused(HttpServletRequest request) {
    return null;
  }

  private static @Nullable Problem malformed(HttpServletRequest request) {
    String method = request.getMethod();
    if (!KNOWN.contains(method)) {
      return new Problem(Status.NOT_IMPLEMENTED, Methods.refusal(method));
    }
    Enumeration<String> hosts = request.getHeaders(HttpHeaders.HOST);
    if (hosts.hasMoreElements() && hosts.nextElement() != null && hosts.hasMoreElements()) {
      return bad("Host is given twice, but must be given once");
    }
    if (request.getRequestURI().equals(ASTERISK) && !method.equals(HttpMethod.OPTIONS)) {
      return bad("the request target * is for OPTIONS only");
    }
    return framing(request);
  }

  private static @Nullable Problem framing(HttpServletRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length != null && !LENGTH.matcher(length).matches()) {
      return bad("Content-Length is '%s' but must be one whole number".formatted(length));
    }
    Enumeration<String> codings = request.getHeaders(TRANSFER_ENCODING);
    if (!codings.hasMoreElements()) {
      return null;
    }
    String coding = codings.nextElement();
    if (!coding.equalsIgnoreCase(CHUNKED)) {
      return new Problem(
          Status.NOT_IMPLEMENTED,
          "Transfer-Encoding is '%s' but must be chunked".formatted(coding));
    }
    if (codings.hasMoreElements()) {
      return bad("Transfer-Encoding is given twice, but must be given once");
    }
    if (!request.getProtocol().equals(HTTP_1_1)) {
      return bad("Transfer-Encoding is not allowed in " + request.getProtocol());
    }
    return length == null ? null : bad("Content-Length and Transfer-Encoding exclude each other");
  }

  private static Problem bad(String detail) {
    return new Problem(Status.BAD_REQUEST, detail);
  }
}
