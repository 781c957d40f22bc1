package io.smache.node.http;

import io.smache.protocol.http.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Response.Status;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The parameters of a query, as bytes. Immutable. */
final class Query {
  private final Map<String, List<byte[]>> parameters;

  private Query(Map<String, List<byte[]>> parameters) {
    this.parameters = parameters;
  }

  /**
   * Reads a query.
   *
   * @throws ProblemException 400 when its percent-encoding is malformed
   */
  static Query of(HttpServletRequest request) {
    return of(request.getQueryString());
  }

  static Query of(@Nullable String raw) {
    Map<String, List<byte[]>> parameters = new LinkedHashMap<>();
    for (String pair : raw == null || raw.isEmpty() ? new String[0] : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      String encoded = equals < 0 ? pair : pair.substring(0, equals);
      String name =
          new String(
              Percent.decode(encoded, "the name of a parameter", true), StandardCharsets.UTF_8);
      byte[] value =
          equals < 0
              ? new byte[0]
              : Percent.decode(pair.substring(equals + 1), "the parameter " + name, true);
      parameters.computeIfAbsent(name, none -> new ArrayList<>()).add(value);
    }
    return new Query(parameters);
  }

  /**
   * Refuses all parameters but these.
   *
   * @throws ProblemException 400 naming what is not allowed, and what is
   */
  Query allowing(String... names) {
    Set<String> allowed = new TreeSet<>(Set.of(names));
    for (String name : parameters.keySet()) {
      if (!allowed.contains(name)) {
        throw bad(
            "the parameter '%s' is unknown; this request takes %s"
                .formatted(name, allowed.isEmpty() ? "none" : String.join(", ", allowed)));
      }
    }
    return this;
  }

  boolean has(String name) {
    return parameters.containsKey(name);
  }

  /**
   * Returns the bytes of a parameter.
   *
   * @throws ProblemException 400 when it is there twice
   */
  Optional<byte[]> bytes(String name) {
    List<byte[]> values = all(name);
    if (values.size() > 1) {
      throw bad("the parameter " + name + " is given twice");
    }
    return values.stream().findFirst();
  }

  Optional<String> text(String name) {
    return bytes(name).map(value -> new String(value, StandardCharsets.UTF_8));
  }

  List<byte[]> all(String name) {
    return parameters.getOrDefault(name, List.of());
  }

  /** Returns a time in ms, see {@link Duration#parse}. */
  Optional<Long> millis(String name, long most) {
    return text(name).map(text -> Duration.parse(text, "the parameter " + name, most));
  }

  private static ProblemException bad(String detail) {
    return new ProblemException(Status.BAD_REQUEST, detail);
  }
}
