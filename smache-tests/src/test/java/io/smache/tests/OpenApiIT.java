package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The OpenAPI document says what the API does, and its examples work. */
class OpenApiIT {
  private static final List<String> METHODS =
      List.of("put", "post", "patch", "get", "head", "delete");
  private static final String ENTRIES = "/api/caches/{cache}/entries";
  private static final Pattern ALLOWED = Pattern.compile("is unknown; allowed are (.*)");

  private final Cluster cluster = Cluster.shared();
  private final JsonNode document = Http.json(Http.get(cluster.a.url() + "/api/openapi.json"));

  /** An operation of the document with what its path says for all. */
  private record Operation(String path, String method, JsonNode node, List<JsonNode> parameters) {
    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  @Test
  void document_isTheSameOnAllNodes() {
    assertThat(document.get("openapi").textValue()).startsWith("3.1.");
    assertThat(Http.json(Http.get(cluster.b.url() + "/api/openapi.json"))).isEqualTo(document);
  }

  @Test
  void references_leadSomewhere() {
    List<JsonNode> references = document.findValues("$ref");
    assertThat(references).isNotEmpty();
    for (JsonNode reference : references) {
      assertThat(document.at(reference.textValue().substring(1)).isMissingNode())
          .as(reference.textValue())
          .isFalse();
    }
  }

  @Test
  void methods_areThoseThatThePathsKnow() {
    for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
      Set<String> result = new TreeSet<>();
      path.getValue()
          .fieldNames()
          .forEachRemaining(name -> result.add(name.toUpperCase(Locale.ROOT)));
      result.remove("PARAMETERS");
      if (result.contains("GET")) {
        result.add("HEAD");
      }
      Set<String> known = new TreeSet<>();
      for (String method : METHODS) {
        String name = method.toUpperCase(Locale.ROOT);
        String url = cluster.a.url() + path.getKey().replaceAll("[{}]", "");
        int status = Http.send(name, url + "?nope=1", null).statusCode();
        if (status != 405) {
          known.add(name);
        }
      }
      if (path.getKey().endsWith("/increment")) {
        // Other methods take the key "key/increment" there.
        known.retainAll(Set.of("POST"));
      }
      if (path.getKey().endsWith("/entries/{key}")) {
        known.remove("POST");
      }
      assertThat(known).as(path.getKey()).isEqualTo(result);
    }
  }

  @Test
  void parameters_areThoseThatTheRequestsTake() {
    int refusals = 0;
    for (Operation operation : operations()) {
      if (operation.path().startsWith("/api/caches") && !operation.method().equals("head")) {
        assertThat(taken(operation, "nope=1"))
            .as(operation.toString())
            .isEqualTo(names(operation, "query"));
        refusals++;
      }
    }
    assertThat(refusals).isGreaterThan(12);
  }

  /**
   * GET and DELETE of {@code /entries} are about one entry when they have a {@code key}. The
   * document says so in prose only: generators make one method of a path and method, and the
   * results differ. So the parameters of that form are those of the path form, and {@code key}.
   */
  @Test
  void parameters_withKeyInQuery_areThoseOfThePathForm() {
    for (String method : List.of("get", "delete")) {
      Set<String> expected = names(operation(ENTRIES + "/{key}", method), "query");
      expected.add("key");
      Operation collection = operation(ENTRIES, method);
      assertThat(collection.node().get("description").textValue()).contains("`key`");
      assertThat(names(collection, "query")).doesNotContain("key");
      assertThat(taken(collection, "nope=1&key=k")).as(method).isEqualTo(expected);
    }
  }

  private Operation operation(String path, String method) {
    return operations().stream()
        .filter(each -> each.path().equals(path) && each.method().equals(method))
        .findFirst()
        .orElseThrow();
  }

  /** Returns the parameters that the server names when it refuses one. */
  private Set<String> taken(Operation operation, String query) {
    HttpResponse<String> refused = send(operation, query, true);
    Matcher allowed = ALLOWED.matcher(Http.json(refused).path("detail").asText());
    assertThat(allowed.find()).as(operation + " " + refused.body()).isTrue();
    return Arrays.stream(allowed.group(1).split(", "))
        .filter(each -> !each.equals("none"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void examples_doWhatIsSaidOfThem() {
    Set<String> run = new HashSet<>();
    for (String method : METHODS) {
      for (Operation operation : operations()) {
        if (!operation.method().equals(method)) {
          continue;
        }
        HttpResponse<String> response = send(operation, "", false);
        JsonNode result = resolved(operation.node().at("/responses/" + response.statusCode()));
        // the example drains nobody: the tests need their members
        boolean nobody = operation.path().endsWith("/drain") && response.statusCode() == 404;
        assertThat(nobody || response.statusCode() / 100 == 2)
            .as(operation + response.body())
            .isTrue();
        assertThat(result.isMissingNode())
            .as(operation + " answers " + response.statusCode())
            .isFalse();
        JsonNode example = result.at("/content/application~1json/example");
        if (!example.isMissingNode()) {
          assertThat(Http.json(response)).as(operation.toString()).isEqualTo(example);
        }
        resolved(result.at("/content/application~1json/schema"))
            .path("required")
            .forEach(member -> assertThat(Http.json(response).has(member.textValue())).isTrue());
        run.add(operation.toString());
      }
    }
    assertThat(run).hasSizeGreaterThan(22);
  }

  private List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
      for (String method : METHODS) {
        JsonNode node = path.getValue().path(method);
        if (!node.isMissingNode()) {
          List<JsonNode> parameters = new ArrayList<>();
          path.getValue().path("parameters").forEach(each -> parameters.add(resolved(each)));
          node.path("parameters").forEach(each -> parameters.add(resolved(each)));
          operations.add(new Operation(path.getKey(), method, node, parameters));
        }
      }
    }
    return operations;
  }

  private JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").textValue().substring(1)) : node;
  }

  private static Set<String> names(Operation operation, String where) {
    return operation.parameters().stream()
        .filter(each -> each.get("in").textValue().equals(where))
        .map(each -> each.get("name").textValue())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Sends the example of an operation, or just its path with another query. */
  private HttpResponse<String> send(Operation operation, String query, boolean bare) {
    String path = operation.path();
    List<String> pairs = new ArrayList<>();
    List<String> headers = new ArrayList<>();
    for (JsonNode parameter : operation.parameters()) {
      String name = parameter.get("name").textValue();
      JsonNode value = parameter.path("example");
      String example = (value.isArray() ? value.path(0) : value).asText("");
      switch (parameter.get("in").textValue()) {
        case "path" -> path = path.replace("{" + name + "}", Http.encode(example));
        case "query" -> pairs.add(example.isEmpty() ? "" : name + "=" + Http.encode(example));
        default -> headers.addAll(example.isEmpty() ? List.of() : List.of(name, example));
      }
    }
    JsonNode content = operation.node().at("/requestBody/content");
    Map.Entry<String, JsonNode> body =
        StreamSupport.stream(content.properties().spliterator(), false)
            .findFirst()
            .orElse(Map.entry("", MissingNode.getInstance()));
    if (!body.getKey().isEmpty()) {
      headers.addAll(List.of("Content-Type", body.getKey()));
    }
    pairs.removeIf(String::isEmpty);
    String parameters = bare ? query : String.join("&", pairs);
    if (operation.node().has("security")) {
      headers.addAll(List.of("Authorization", "Bearer " + Cluster.SECRET));
    }
    JsonNode example = body.getValue().path("example");
    String json = example.isTextual() ? example.textValue() : example.toString();
    String sent = bare || body.getKey().isEmpty() ? null : json;
    return Http.send(
        operation.method().toUpperCase(Locale.ROOT),
        cluster.b.url() + path + (parameters.isEmpty() ? "" : "?" + parameters),
        sent,
        headers.toArray(String[]::new));
  }
}
