package io.smache.node.api.message;

import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The parameters of a query, as bytes, in their order. Immutable. */
public final class Query {
  private static final Query NONE = new Query(List.of());

  private final List<Parameter> parameters;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Parameter(String name, byte[] value) {}

  private Query(List<Parameter> parameters) {
    this.parameters = parameters;
  }

  /**
   * Reads a query.
   *
   * @throws ProblemException 400 when its percent-encoding is malformed
   */
  public static Query of(Request request) {
    return of(request.query());
  }

  public static Query of(@Nullable String raw) {
    if (raw == null || raw.isEmpty()) {
      return NONE;
    }
    List<Parameter> parameters = new ArrayList<>();
    for (String pair : raw.split("&", -1)) {
      parameters.add(parameter(pair));
    }
    return new Query(parameters);
  }

  private static Parameter parameter(String pair) {
    int equals = pair.indexOf('=');
    String encoded = equals < 0 ? pair : pair.substring(0, equals);
    String name =
        new String(
            Percent.decode(encoded, "the name of a parameter", true), StandardCharsets.UTF_8);
    byte[] value =
        equals < 0
            ? new byte[0]
            : Percent.decode(pair.substring(equals + 1), "the parameter " + name, true);
    return new Parameter(name, value);
  }

  /**
   * Refuses all parameters but these.
   *
   * @throws ProblemException 400 naming what is not allowed, and what is
   */
  public Query allowing(String... names) {
    if (parameters.isEmpty()) {
      return this;
    }
    List<String> allowed = List.of(names);
    for (Parameter parameter : parameters) {
      if (!allowed.contains(parameter.name())) {
        String known = allowed.isEmpty() ? "none" : String.join(", ", new TreeSet<>(allowed));
        throw bad(
            "the parameter '%s' is unknown; allowed are %s".formatted(parameter.name(), known));
      }
    }
    return this;
  }

  public boolean has(String name) {
    return parameters.stream().anyMatch(each -> each.name().equals(name));
  }

  /**
   * Returns the bytes of a parameter.
   *
   * @throws ProblemException 400 when it is there twice
   */
  public Optional<byte[]> bytes(String name) {
    byte[] value = null;
    for (Parameter parameter : parameters) {
      if (parameter.name().equals(name)) {
        if (value != null) {
          throw bad("the parameter " + name + " is given twice");
        }
        value = parameter.value();
      }
    }
    return Optional.ofNullable(value);
  }

  public Optional<String> text(String name) {
    return bytes(name).map(value -> new String(value, StandardCharsets.UTF_8));
  }

  public List<byte[]> all(String name) {
    return parameters.stream()
        .filter(each -> each.name().equals(name))
        .map(Parameter::value)
        .toList();
  }

  /** Returns a time in ms, see {@link TimeSpan#parse}. */
  public Optional<Long> millis(String name, long most) {
    if (parameters.isEmpty()) {
      return Optional.empty();
    }
    return text(name).map(text -> TimeSpan.parse(text, "the parameter " + name, most));
  }

  private static ProblemException bad(String detail) {
    return new ProblemException(Status.BAD_REQUEST, detail);
  }
}
