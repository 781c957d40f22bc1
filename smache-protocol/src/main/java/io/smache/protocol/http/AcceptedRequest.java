package io.smache.protocol.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A request whose {@code Accept} every implementation of Jakarta REST can read: empty elements are
 * left out (RFC 9110, section 5.6.1), and so is what Java's own client sends in violation of the
 * grammar, {@code *; q=.2}.
 */
final class AcceptedRequest extends HttpServletRequestWrapper {
  private static final Pattern EMPTY_ELEMENT = Pattern.compile("^\\s*(?:,|$)|,\\s*(?:,|$)");
  private static final Pattern BARE_ANY = Pattern.compile("(?:^|,)\\s*\\*\\s*(?:[;,]|$)");
  private static final Pattern BARE_WEIGHT = Pattern.compile("([qQ]=)\\.");

  private final String accept;

  private AcceptedRequest(HttpServletRequest request, String accept) {
    super(request);
    this.accept = accept;
  }

  /** Returns the request itself when its field needs no repair. */
  static HttpServletRequest of(HttpServletRequest request) {
    Enumeration<String> lines = request.getHeaders(HttpHeaders.ACCEPT);
    if (!lines.hasMoreElements()) {
      return request;
    }
    String first = lines.nextElement();
    if (!lines.hasMoreElements() && !needsRepair(first)) {
      return request;
    }
    List<String> all = Collections.list(request.getHeaders(HttpHeaders.ACCEPT));
    return all.stream().anyMatch(AcceptedRequest::needsRepair)
        ? new AcceptedRequest(request, repaired(String.join(",", all)))
        : request;
  }

  private static boolean needsRepair(String field) {
    return !field.equals(MediaType.WILDCARD)
        && !field.equals(MediaType.APPLICATION_JSON)
        && (EMPTY_ELEMENT.matcher(field).find()
            || BARE_ANY.matcher(field).find()
            || BARE_WEIGHT.matcher(field).find());
  }

  private static String repaired(String field) {
    String repaired =
        Stream.of(field.split(","))
            .map(String::strip)
            .filter(element -> !element.isEmpty())
            .map(element -> element.replaceFirst("^\\*(?=\\s*(?:;|$))", "*/*"))
            .map(element -> BARE_WEIGHT.matcher(element).replaceAll("$10."))
            .collect(Collectors.joining(", "));
    return repaired.isEmpty() ? MediaType.WILDCARD : repaired;
  }

  @Override
  public String getHeader(String name) {
    return name.equalsIgnoreCase(HttpHeaders.ACCEPT) ? accept : super.getHeader(name);
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    return name.equalsIgnoreCase(HttpHeaders.ACCEPT)
        ? Collections.enumeration(List.of(accept))
        : super.getHeaders(name);
  }
}
