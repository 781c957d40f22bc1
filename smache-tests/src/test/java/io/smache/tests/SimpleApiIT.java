package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/protocol.md, the simple API, row by row, through the owner and through another node. */
class SimpleApiIT {
  private final Cluster cluster = Cluster.shared();
  private final List<Server> nodes = List.of(cluster.a, cluster.b);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "5",
        "\"s\"",
        "[1, 2]",
        "{\"color\":\"blue\"}",
        "12345678901234567890123",
        "2.50",
        "1e2",
        "\"\\u00e9\"",
        "\"é 💥\"",
        "{\"b\":1,\"a\":2,\"b\":3}"
      })
  void post_anyJson_comesBackAsSentFromEveryNode(String data) {
    for (Server writer : nodes) {
      for (String key : List.of("json", "json-2", "json-3", "json-4")) {
        HttpResponse<String> stored =
            Http.post(writer.url(), "{\"key\":\"" + key + "\",\"data\":" + data + "}");
        assertThat(stored.statusCode()).isEqualTo(200);
        assertThat(stored.body()).isEqualTo("{\"data\":" + data + "}");
        for (Server reader : nodes) {
          HttpResponse<String> found = Http.getKey(reader.url(), key);
          assertThat(found.statusCode()).isEqualTo(200);
          String node = Http.json(found).get("node").textValue();
          assertThat(found.body())
              .isEqualTo(
                  "{\"key\":\"" + key + "\",\"node\":\"" + node + "\",\"data\":" + data + "}");
          assertThat(found.headers().firstValue("Smache-Node")).contains(node);
        }
      }
    }
  }

  @Test
  void post_nestedTooDeep_is400() {
    assertThat(Http.post(cluster.a.url(), nested(998)).statusCode()).isEqualTo(200);
    Entries.assertProblem(Http.post(cluster.a.url(), nested(1001)), 400, "nest");
  }

  private static String nested(int depth) {
    return "{\"key\":\"deep\",\"data\":" + "[".repeat(depth) + "]".repeat(depth) + "}";
  }

  @Test
  void post_integerKey_isTheStringsEntry() {
    Http.post(cluster.a.url(), "{\"key\":1,\"data\":\"int\"}");
    assertThat(data(cluster.b, "1")).isEqualTo("\"int\"");
    Http.post(cluster.b.url(), "{\"key\":\"-5\",\"data\":\"text\"}");
    Http.post(cluster.b.url(), "{\"key\":-5,\"data\":\"int\"}");
    assertThat(data(cluster.a, "-5")).isEqualTo("\"int\"");
  }

  @Test
  void post_trailingSlash_isTheSamePath() {
    HttpResponse<String> stored =
        Http.send(
            HttpRequest.newBuilder(URI.create(cluster.a.url() + "/api/"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"key\":\"slash\",\"data\":1}")));
    assertThat(stored.statusCode()).isEqualTo(200);
    assertThat(Http.json(Http.get(cluster.b.url() + "/api/?key=slash")).get("data").intValue())
        .isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "01",
        "+1",
        "1.9",
        "12abc",
        " 1",
        "é",
        "日本",
        "💥",
        "a/b",
        "a%b",
        "a&b",
        "a=b",
        "a;b",
        "a+b",
        "a\\b",
        "\"",
        "\u0000",
        "12345678901234567890123456789012345678901234567890"
      })
  void key_anyText_meetsNoOther(String key) {
    String body = "{\"key\":" + Http.quoted(key) + ",\"data\":" + Http.quoted("of " + key) + "}";
    assertThat(Http.post(cluster.a.url(), body).statusCode()).isEqualTo(200);
    Http.post(cluster.a.url(), "{\"key\":\"1\",\"data\":\"one\"}");
    HttpResponse<String> found = Http.getKey(cluster.b.url(), key);
    assertThat(found.statusCode()).isEqualTo(200);
    assertThat(Http.json(found).get("key").textValue()).isEqualTo(key);
    assertThat(Http.json(found).get("data").textValue()).isEqualTo("of " + key);
  }

  @Test
  void key_of8Kilobytes_works() {
    String key = "日本".repeat(8192 / 6) + "ab";
    assertThat(key.getBytes(StandardCharsets.UTF_8)).hasSize(8192);
    for (Server writer : nodes) {
      Http.post(writer.url(), "{\"key\":" + Http.quoted(key) + ",\"data\":8}");
      assertThat(data(cluster.a, key)).isEqualTo("8");
      assertThat(data(cluster.b, key)).isEqualTo("8");
    }
    HttpResponse<String> longer = Http.getKey(cluster.a.url(), key + "c");
    assertProblem(longer, 400, "at most 8192");
  }

  @Test
  void key_sameNormalizedInteger_areTwoEntries() {
    Http.post(cluster.a.url(), "{\"key\":\"aa\",\"data\":\"text\"}");
    Http.post(cluster.a.url(), "{\"key\":24929,\"data\":\"int\"}");
    assertThat(data(cluster.b, "aa")).isEqualTo("\"text\"");
    assertThat(data(cluster.b, "24929")).isEqualTo("\"int\"");
  }

  @Test
  void get_neverWritten_isNull() {
    for (Server node : nodes) {
      HttpResponse<String> response = Http.getKey(node.url(), "never-written");
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(Http.json(response).get("data").isNull()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?key", "?key=", "?key=null", "?other=1"})
  void get_nullKey_is403(String query) {
    assertNullKey(Http.get(cluster.a.url() + "/api" + query));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"data\":1}",
        "{}",
        "{\"key\":null,\"data\":1}",
        "{\"key\":\"\",\"data\":1}",
        "{\"key\":\"null\",\"data\":1}"
      })
  void post_nullKey_is403(String body) {
    assertNullKey(Http.post(cluster.a.url(), body));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"key\":1.5,\"data\":1}| string or an integer, at byte 7",
        "{\"key\":true,\"data\":1}| string or an integer, at byte 7",
        "{\"key\":[1],\"data\":1}| string or an integer, at byte 7",
        "{\"key\":{},\"data\":1}| string or an integer, at byte 7",
        "{\"key\":\"k\"}| no member data",
        "nonsense| not valid JSON",
        "''| empty",
        "[]| must be a JSON object",
        "5| must be a JSON object",
        "{\"key\":\"k\",\"data\":| not valid JSON",
        "{\"key\":\"k\",\"data\":1}]| not valid JSON"
      })
  void post_malformed_is400AndSaysWhatAndWhere(String body, String detail) {
    assertProblem(Http.post(cluster.a.url(), body), 400, detail.strip());
  }

  @Test
  void post_invalidUtf8_is400() {
    byte[] body = {'{', '"', 'k', 'e', 'y', '"', ':', '"', (byte) 0xff, '"', '}'};
    HttpResponse<String> response =
        Http.send(
            HttpRequest.newBuilder(URI.create(cluster.a.url() + "/api"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body)));
    assertProblem(response, 400, "not valid UTF-8, at byte 8");
  }

  @Test
  void get_invalidUtf8OrTwoKeys_is400() {
    assertProblem(Http.get(cluster.a.url() + "/api?key=%ff"), 400, "not valid UTF-8");
    assertProblem(Http.get(cluster.a.url() + "/api?key=a&key=b"), 400, "twice");
  }

  @Test
  void post_overTheLimit_is413AndStoresNothing() {
    for (Server node : nodes) {
      for (String key : List.of("big-1", "big-2", "big-3")) {
        String body = "{\"key\":\"" + key + "\",\"data\":\"" + "x".repeat(1 << 20) + "\"}";
        assertProblem(Http.post(node.url(), body), 413, "1048576");
        assertThat(data(node, key)).isEqualTo("null");
      }
    }
  }

  @Test
  void post_streamOfUnknownLength_is413AndTheNodeLives() throws Exception {
    try (RawConnection connection = new RawConnection(cluster.a.url())) {
      assertThat(connection.stream("/api", 64 << 20)).startsWith("HTTP/1.1 413");
    }
    assertThat(Http.get(cluster.a.url() + "/healthcheck").statusCode()).isEqualTo(200);
  }

  @Test
  void post_atTheLimit_isStored() {
    String frame = "{\"key\":\"fits\",\"data\":\"\"}";
    String data = "x".repeat((1 << 20) - frame.length());
    String body = "{\"key\":\"fits\",\"data\":\"" + data + "\"}";
    assertThat(Http.post(cluster.a.url(), body).statusCode()).isEqualTo(200);
    assertThat(Http.json(Http.getKey(cluster.b.url(), "fits")).get("data").textValue())
        .isEqualTo(data);
  }

  @ParameterizedTest
  @ValueSource(strings = {"DELETE", "PUT", "PATCH"})
  void api_wrongMethod_is405WithAllow(String method) {
    HttpResponse<String> response =
        Http.send(
            HttpRequest.newBuilder(URI.create(cluster.a.url() + "/api"))
                .method(method, BodyPublishers.noBody()));
    assertProblem(response, 405, "Allow");
    assertThat(response.headers().firstValue("Allow").orElseThrow())
        .contains("GET", "HEAD", "POST", "OPTIONS");
  }

  @Test
  void options_namesTheMethods() {
    HttpResponse<String> response =
        Http.send(
            HttpRequest.newBuilder(URI.create(cluster.a.url() + "/api"))
                .method("OPTIONS", BodyPublishers.noBody()));
    assertThat(response.statusCode()).isIn(200, 204);
    assertThat(response.headers().firstValue("Allow").orElseThrow())
        .contains("GET", "HEAD", "POST", "OPTIONS");
  }

  @Test
  void head_answersAsGetWithoutABody() {
    Http.post(cluster.a.url(), "{\"key\":\"head\",\"data\":1}");
    HttpResponse<String> response =
        Http.send(
            HttpRequest.newBuilder(URI.create(cluster.a.url() + "/api?key=head"))
                .method("HEAD", BodyPublishers.noBody()));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/nope", "/api/nope", "/healthcheck/nope", "/index.html", "/internal/nope"})
  void unknownPath_is404(String path) {
    assertProblem(Http.get(cluster.a.url() + path), 404, "nothing at this path");
  }

  @Test
  void wrongAccept_is406() {
    HttpResponse<String> response =
        Http.send("GET", cluster.a.url() + "/api?key=1", null, "Accept", "text/html");
    assertProblem(response, 406, "application/json");
  }

  private HttpResponse<String> postAs(String type) {
    String body = "{\"key\":\"1\",\"data\":1}";
    return Http.send("POST", cluster.a.url() + "/api", body, "Content-Type", type);
  }

  @Test
  void wrongContentType_is415() {
    HttpResponse<String> response = postAs("text/plain");
    assertProblem(response, 415, "application/json");
  }

  @Test
  void malformedHeader_isNeverAPageNorA500() {
    HttpResponse<String> response = postAs("garbage");
    assertThat(response.statusCode()).isBetween(400, 499);
    assertThat(response.body()).doesNotContain("<html");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/healthcheck"})
  void health_isAnEmptyObject(String path) {
    HttpResponse<String> response = Http.get(cluster.a.url() + path);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{}");
  }

  @ParameterizedTest
  @CsvSource({"1,1", "aa,24929", "aaa,6381921", "abcd,1633837924", "-5,-5"})
  @Tag(Cluster.SHARDS)
  void placement_seedsExamples_areTheSeedsNumbers(String key, long normalized) {
    JsonNode fromA = Http.json(Http.get(cluster.a.url() + "/api/placement?key=" + key));
    JsonNode fromB = Http.json(Http.get(cluster.b.url() + "/api/placement?key=" + key));
    assertThat(fromA.get("key").textValue()).isEqualTo(key);
    assertThat(fromA.get("normalized").longValue()).isEqualTo(normalized);
    assertThat(fromA.get("partition")).isEqualTo(fromB.get("partition"));
    assertThat(fromA.get("partition").intValue()).isBetween(0, 1023);
    assertThat(fromA.get("node")).isEqualTo(fromB.get("node"));
    assertThat(fromA.get("shard").intValue()).isBetween(0, 3);
    assertThat(fromB.get("shard").intValue()).isBetween(0, 6);
    JsonNode entry = Http.json(Http.getKey(cluster.a.url(), key));
    assertThat(entry.get("node")).isEqualTo(fromA.get("node"));
  }

  private static String data(Server node, String key) {
    HttpResponse<String> response = Http.getKey(node.url(), key);
    assertThat(response.statusCode()).isEqualTo(200);
    return Http.json(response).get("data").toString();
  }

  private static void assertNullKey(HttpResponse<String> response) {
    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(response.body()).isEqualTo("{\"message\":\"key cannot be null\"}");
  }

  private static void assertProblem(HttpResponse<String> response, int status, String detail) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/problem+json");
    JsonNode problem = Http.json(response);
    assertThat(problem.get("status").intValue()).isEqualTo(status);
    assertThat(problem.get("title").textValue()).isNotBlank();
    assertThat(problem.get("detail").textValue()).contains(detail);
  }
}
