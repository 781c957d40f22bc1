package io.smache.node.http;

import io.smache.protocol.http.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response.Status;
import java.io.IOException;
import java.util.Locale;

/**
 * Bodies of the paths that take JSON. Their Content-Type has to be JSON: a page of another origin
 * may send other types without a preflight.
 */
final class JsonBody {
  private JsonBody() {}

  /**
   * Returns the whole body.
   *
   * @param limit the most bytes it may have
   * @throws ProblemException 413 when it is longer, 415 when it is not said to be JSON without a
   *     content coding
   */
  static byte[] read(HttpServletRequest request, int limit) throws IOException {
    check(request);
    return Body.read(request, limit);
  }

  /** Returns whether the fields of a request say that its body is JSON without a content coding. */
  static boolean isSaid(HttpServletRequest request) {
    String type = request.getContentType();
    return type != null
        && type.split(";", 2)[0].strip().equalsIgnoreCase(MediaType.APPLICATION_JSON)
        && coding(request).equals("identity");
  }

  private static void check(HttpServletRequest request) {
    if (isSaid(request)) {
      return;
    }
    String type = request.getContentType();
    throw new ProblemException(
        Status.UNSUPPORTED_MEDIA_TYPE,
        coding(request).equals("identity")
            ? "Content-Type is %s but must be %s"
                .formatted(type == null ? "missing" : "'" + type + "'", MediaType.APPLICATION_JSON)
            : "Content-Encoding is '%s' but this path takes bodies without a coding"
                .formatted(coding(request)));
  }

  private static String coding(HttpServletRequest request) {
    return Fields.value(request, HttpHeaders.CONTENT_ENCODING)
        .filter(coding -> !coding.isEmpty())
        .map(coding -> coding.toLowerCase(Locale.ROOT))
        .orElse("identity");
  }
}
