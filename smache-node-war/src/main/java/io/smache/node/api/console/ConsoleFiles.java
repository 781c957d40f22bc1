package io.smache.node.api.console;

import io.smache.node.api.message.FieldName;
import io.smache.node.api.message.Query;
import io.smache.node.api.message.Reply;
import io.smache.node.api.message.Request;
import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import jakarta.enterprise.context.Dependent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The files of the console. Thread-safe. */
@Dependent
public class ConsoleFiles {
  /** Where they are; a path that begins so is one of a file, or of none. */
  public static final String PATH = "/console/";

  private static final String INDEX = "index.html";
  private static final List<String> NAMES =
      List.of(
          INDEX,
          "style.css",
          "icon.svg",
          "app.js",
          "api.js",
          "caches.js",
          "chart.js",
          "dom.js",
          "entry.js",
          "invalidate.js",
          "keys.js",
          "members.js",
          "overview.js",
          "poll.js",
          "request.js",
          "slow.js");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml",
          "js", "text/javascript; charset=utf-8");

  /** Nothing from anywhere else, nothing inline, nothing in a frame. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final Map<String, byte[]> files = read();

  private static Map<String, byte[]> read() {
    Map<String, byte[]> files = new HashMap<>();
    for (String name : NAMES) {
      try (InputStream file = ConsoleFiles.class.getResourceAsStream(name)) {
        files.put(name, Objects.requireNonNull(file, name).readAllBytes());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return Map.copyOf(files);
  }

  /**
   * Returns a file; of the path alone, its first page.
   *
   * @throws ProblemException 404 when there is no such file
   */
  public Reply get(Request request) {
    Query.of(request).allowing();
    String path = request.path();
    if (path.length() < PATH.length()) {
      return secured(Reply.of(Status.PERMANENT_REDIRECT))
          .with(FieldName.LOCATION, request.base() + PATH);
    }
    String name = path.length() == PATH.length() ? INDEX : path.substring(PATH.length());
    byte[] file = files.get(name);
    if (file == null) {
      throw new ProblemException(Status.NOT_FOUND, "the console has no such file");
    }
    String type = Objects.requireNonNull(TYPES.get(name.substring(name.lastIndexOf('.') + 1)));
    return secured(Reply.of(Status.OK))
        .with(FieldName.CONTENT_TYPE, type)
        .with(FieldName.CACHE_CONTROL, "no-cache")
        .body(file);
  }

  private static Reply secured(Reply reply) {
    return reply
        .with("Content-Security-Policy", POLICY)
        .with("X-Content-Type-Options", "nosniff")
        .with("Referrer-Policy", "no-referrer")
        .with("Cross-Origin-Opener-Policy", "same-origin");
  }
}
