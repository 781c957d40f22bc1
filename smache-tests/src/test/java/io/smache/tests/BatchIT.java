package io.smache.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/protocol.md, batches. */
class BatchIT {
  private final Cluster cluster = Cluster.shared();
  private final String cache = Entries.fresh("batch");

  private HttpResponse<String> send(Server node, String body, String type) {
    String url = node.url() + "/api/caches/" + cache + "/batch";
    return Http.send("POST", url, body, "Content-Type", type);
  }

  private JsonNode batch(Server node, String... items) {
    HttpResponse<String> response =
        send(node, "[" + String.join(",", items) + "]", "application/json");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return Http.json(response);
  }

  /** Additions to an integer of so many digits take milliseconds each, under the lock. */
  private String heavy(Server node) {
    Http.send(
        "PUT",
        Entries.one(node, cache, "heavy"),
        "9".repeat(9_900),
        "Content-Type",
        "application/json");
    String filling = " ".repeat(8 << 20);
    return Collections.nCopies(1_000, "{\"op\":\"increment\",\"key\":\"heavy\"}").stream()
        .collect(Collectors.joining(",", "[" + filling, "]"));
  }

  @OnBothNodes
  void batch_large_refusesAnotherAndLetsWritesOfItsShardBetween(Server node) {
    String heavy = heavy(node);
    String other = "[" + " ".repeat(8 << 20) + "{\"op\":\"get\",\"key\":\"k\"}]";
    String url = node.url() + "/api/caches/" + cache + "/batch";
    CompletableFuture<HttpResponse<String>> first =
        Http.sendAsync("POST", url, heavy, "Content-Type", "application/json");
    HttpResponse<String> second = send(node, other, "application/json");
    while (second.statusCode() == 200 && !first.isDone()) {
      second = send(node, other, "application/json");
    }
    HttpResponse<String> refused = second.statusCode() == 503 ? second : first.join();
    Entries.assertProblem(refused, 503, "another large batch");
    String touch = Entries.one(node, cache, "heavy") + "?ttl=1h";
    assertThat(Http.send("PATCH", touch, "").statusCode()).isEqualTo(204);
    assertThat(first.join().statusCode()).isIn(200, 503);
  }

  @OnBothNodes
  void items_gzipValuesTooLongTogether_answer413EachBeyond(Server node) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(new byte[1 << 20]);
    }
    String url = Entries.one(node, cache, "bomb");
    HttpResponse<byte[]> put =
        Http.sendBytes("PUT", url, zipped.toByteArray(), "Content-Encoding", "gzip");
    assertThat(put.statusCode()).isEqualTo(201);
    String get = "{\"op\":\"get\",\"key\":\"bomb\"}";
    String write = "{\"op\":\"put\",\"key\":\"behind\",\"value\":1}";
    String[] items = Collections.nCopies(400, get).toArray(String[]::new);
    items[items.length - 1] = write;
    List<Integer> statuses = statuses(batch(node, items));
    assertThat(statuses.get(0)).isEqualTo(200);
    assertThat(statuses.get(items.length - 2)).isEqualTo(413);
    assertThat(statuses.get(items.length - 1)).isEqualTo(201);
  }

  @OnBothNodes
  void items_allOperations_answerAsTheSingleRequestWould(Server node) {
    JsonNode results =
        batch(
            node,
            "{\"op\":\"put\",\"key\":\"j\",\"value\":{\"n\": 1.50},\"ttl\":\"1h\",\"groups\":[\"g\",\"h\"]}",
            "{\"op\":\"get\",\"key\":\"j\"}",
            "{\"op\":\"put\",\"key\":\"j\",\"value\":2,\"ifNoneMatch\":\"*\"}",
            "{\"op\":\"put\",\"key\":\"b\",\"base64\":\"/wA=\",\"type\":\"image/png\"}",
            "{\"op\":\"get\",\"key\":\"b\"}",
            "{\"op\":\"increment\",\"key\":7,\"by\":5,\"initial\":-1}",
            "{\"op\":\"increment\",\"key\":\"7\"}",
            "{\"op\":\"increment\",\"key\":\"b\"}",
            "{\"op\":\"touch\",\"key\":\"b\",\"ttl\":60,\"groups\":[\"t\"]}",
            "{\"op\":\"get\",\"key\":\"b\"}",
            "{\"op\":\"touch\",\"key\":\"none\"}",
            "{\"op\":\"delete\",\"key\":\"b\",\"ifMatch\":\"\\\"x\\\"\"}",
            "{\"op\":\"delete\",\"key\":\"b\"}",
            "{\"op\":\"delete\",\"key\":\"b\"}",
            "{\"op\":\"get\",\"key\":\"b\"}");
    assertThat(statuses(results))
        .containsExactly(201, 200, 412, 201, 200, 200, 200, 409, 204, 200, 404, 412, 204, 404, 404);
    JsonNode json = results.get(1);
    assertThat(json.get("value").get("n").doubleValue()).isEqualTo(1.5);
    assertThat(json.get("ttl").doubleValue()).isBetween(3590.0, 3600.0);
    assertThat(json.get("etag")).isEqualTo(results.get(0).get("etag"));
    assertThat(json.get("groups")).hasSize(2);
    assertThat(results.get(4).get("base64").textValue()).isEqualTo("/wA=");
    assertThat(results.get(4).get("type").textValue()).isEqualTo("image/png");
    assertThat(results.get(5).get("value").intValue()).isEqualTo(4);
    assertThat(results.get(6).get("value").intValue()).isEqualTo(5);
    assertThat(results.get(9).get("ttl").doubleValue()).isBetween(50.0, 60.0);
    assertThat(results.get(2).get("detail").textValue()).contains("precondition");
    HttpResponse<String> single = Entries.get(cluster.b, cache, "j");
    assertThat(single.body()).as("byte for byte").isEqualTo("{\"n\": 1.50}");
    assertThat(Entries.etag(single)).isEqualTo(json.get("etag").textValue());
    String tagged =
        "{\"op\":\"get\",\"key\":\"j\",\"ifNoneMatch\":" + Http.quoted(Entries.etag(single)) + "}";
    assertThat(statuses(batch(node, tagged))).containsExactly(304);
  }

  @OnBothNodes
  void items_onOneKey_keepTheirOrder(Server node) {
    List<String> items = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      String key = "ordered-" + i % 3;
      items.add("{\"op\":\"put\",\"key\":\"" + key + "\",\"value\":" + i + "}");
      items.add("{\"op\":\"get\",\"key\":\"" + key + "\"}");
    }
    JsonNode results = batch(node, items.toArray(String[]::new));
    for (int i = 0; i < 300; i++) {
      assertThat(results.get(2 * i + 1).get("value").intValue()).isEqualTo(i);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"op\":\"nope\",\"key\":\"k\"}|op is 'nope'",
        "{\"key\":\"k\"}|op is ''",
        "{\"op\":1,\"key\":\"k\"}|op must be a string",
        "{\"op\":\"get\"}|key must be",
        "{\"op\":\"get\",\"key\":\"\"}|key is empty",
        "{\"op\":\"get\",\"key\":1.5}|key must be",
        "{\"op\":\"get\",\"key\":\"k\",\"x\":1}|'x' is unknown",
        "{\"op\":\"get\",\"key\":\"k\",\"key\":\"l\"}|'key' is given twice",
        "{\"op\":\"put\",\"key\":\"k\"}|value or the member base64",
        "{\"op\":\"put\",\"key\":\"k\",\"value\":1,\"base64\":\"AQ==\"}|not both",
        "{\"op\":\"put\",\"key\":\"k\",\"base64\":\"=\"}|not base64",
        "{\"op\":\"put\",\"key\":\"k\",\"value\":1,\"type\":\"x\"}|type is 'x'",
        "{\"op\":\"put\",\"key\":\"k\",\"value\":1,\"ttl\":0}|ttl is '0'",
        "{\"op\":\"put\",\"key\":\"k\",\"value\":1,\"groups\":\"g\"}|groups must be",
        "{\"op\":\"put\",\"key\":\"k\",\"value\":1,\"groups\":[1]}|groups must be",
        "{\"op\":\"put\",\"key\":\"k\",\"value\":1,\"ifMatch\":\"x\"}|ifMatch is 'x'",
        "{\"op\":\"increment\",\"key\":\"k\",\"by\":1.5}|by is '1.5'",
        "{\"op\":\"increment\",\"key\":\"k\",\"value\":5}|'value' is not allowed for op 'increment'",
        "{\"op\":\"delete\",\"key\":\"k\",\"ttl\":5}|'ttl' is not allowed for op 'delete'",
        "{\"op\":\"put\",\"key\":\"k\",\"value\":5,\"value\":6}|'value' is given twice",
        "5|must be a JSON object",
        "[]|must be a JSON object"
      })
  void item_malformed_failsAlone(String item, String detail) {
    String good = "{\"op\":\"increment\",\"key\":\"good\"}";
    JsonNode results = batch(cluster.a, good, item, good);
    assertThat(statuses(results)).containsExactly(200, 400, 200);
    assertThat(results.get(1).get("detail").textValue()).contains(detail);
    HttpResponse<String> lines =
        send(cluster.b, good + "\n" + item + "\n" + good, "application/x-ndjson");
    List<JsonNode> streamed = lines.body().lines().map(Http::json).toList();
    assertThat(streamed.stream().map(each -> each.get("status").intValue()))
        .containsExactly(200, 400, 200);
    assertThat(streamed.get(2).get("value").intValue()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|JSON array",
        "''|JSON array",
        "[{]|not valid JSON",
        "[{}|not valid JSON",
        "[]x|not valid JSON",
        "[][]|after its array"
      })
  void body_malformed_is400(String body, String detail) {
    Entries.assertProblem(send(cluster.a, body, "application/json"), 400, detail);
  }

  @Test
  void body_inAnotherEncoding_is400() {
    for (Charset other : List.of(StandardCharsets.UTF_16BE, StandardCharsets.UTF_16)) {
      byte[] body = "[{\"op\":\"put\",\"key\":\"k\",\"value\":1}]".getBytes(other);
      String url = cluster.a.url() + "/api/caches/" + cache + "/batch";
      assertThat(Http.sendBytes("POST", url, body, "Content-Type", "application/json").statusCode())
          .isEqualTo(400);
    }
  }

  @OnBothNodes
  void put_overTheLimit_failsAlone(Server node) {
    String large = "{\"op\":\"put\",\"key\":\"%s\",\"value\":\"" + "x".repeat(1 << 20) + "\"}";
    JsonNode results =
        batch(node, large.formatted("a"), "{\"op\":\"get\",\"key\":\"a\"}", large.formatted("b"));
    assertThat(statuses(results)).containsExactly(413, 404, 413);
  }

  @OnBothNodes
  void lines_ofJsonThatHasMany_areOneEach(Server node) {
    String url = Entries.one(node, cache, "pretty");
    Http.send("PUT", url, "{\n  \"a\": 1\r\n}", "Content-Type", "application/json");
    String get = "{\"op\":\"get\",\"key\":\"pretty\"}\n";
    List<String> lines = send(node, get + get, "application/x-ndjson").body().lines().toList();
    assertThat(lines).hasSize(2);
    assertThat(Http.json(lines.get(1)).get("value").get("a").intValue()).isEqualTo(1);
  }

  @OnBothNodes
  void gets_ofMoreThanAnAnswerMayHave_areRefusedBeyond(Server node) {
    Entries.put(node, cache, "large", "x".repeat(1 << 20));
    String get = "{\"op\":\"get\",\"key\":\"large\"}";
    JsonNode results = batch(node, Collections.nCopies(60, get).toArray(String[]::new));
    List<Integer> statuses = statuses(results);
    assertThat(statuses.get(0)).isEqualTo(200);
    assertThat(statuses).containsOnly(200, 413);
    assertThat(statuses.get(59)).isEqualTo(413);
    assertThat(results.get(59).get("detail").textValue()).contains("ask for this one in another");
  }

  /** Whichever thread of the server sends the last of it: the one that began with it is one. */
  @OnBothNodes
  void answers_largeToBodiesThatCameLate_allEnd(Server node) throws IOException {
    Entries.put(node, cache, "large", "x".repeat(1 << 20));
    String get = "{\"op\":\"get\",\"key\":\"large\"}";
    String body = "[" + String.join(",", Collections.nCopies(8, get)) + "]";
    String head =
        "POST /api/caches/%s/batch HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(cache, body.length());
    for (int i = 0; i < 50; i++) {
      try (RawConnection connection = new RawConnection(node.url())) {
        connection.send(head);
        String answer = connection.exchange(body.getBytes(UTF_8));
        assertThat(answer.length()).isGreaterThan(8 << 20);
      }
    }
  }

  @OnBothNodes
  void line_longerThanAnyValueNeeds_endsTheBatch(Server node) {
    String good = "{\"op\":\"increment\",\"key\":\"before\"}\n";
    String body = good + "x".repeat(2 << 20) + "\n" + good;
    List<String> lines = send(node, body, "application/x-ndjson").body().lines().toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).contains("\"status\":200");
    assertThat(lines.get(1)).contains("413").contains("nothing after this was executed");
  }

  @OnBothNodes
  void invalidation_besideABatch_comesBeforeIt(Server node) {
    String put = "{\"op\":\"put\",\"key\":\"%s\",\"value\":1,\"groups\":[\"g\"]}";
    batch(node, put.formatted("old"));
    for (String type : List.of("application/json", "application/x-ndjson")) {
      String one = put.formatted(type);
      String url = node.url() + "/api/caches/" + cache + "/batch";
      String body = type.endsWith("ndjson") ? one : "[" + one + "]";
      String[] headers = {"Content-Type", type, "Cache-Group-Invalidation", "\"g\""};
      assertThat(Http.send("POST", url, body, headers).body()).contains("201");
      assertThat(Entries.get(node, cache, "old").statusCode()).isEqualTo(404);
      assertThat(Entries.get(node, cache, type).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void stream_beyondTheMost_is503() throws Exception {
    List<Socket> streams = new ArrayList<>();
    try {
      for (int i = 0; i < 8; i++) {
        Socket stream = socket(cluster.a);
        streams.add(stream);
        begin(stream);
        chunk(stream.getOutputStream(), "{\"op\":\"increment\",\"key\":\"streams\"}\n");
        assertThat(nextResult(reader(stream))).contains("\"status\":200");
      }
      HttpResponse<String> refused =
          send(cluster.a, "{\"op\":\"get\",\"key\":\"k\"}", "application/x-ndjson");
      Entries.assertProblem(refused, 503, "too many batches");
      assertThat(Http.header(refused, "Retry-After")).isEqualTo("1");
    } finally {
      for (Socket stream : streams) {
        stream.getOutputStream().write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        stream.close();
      }
    }
    await("room for another stream")
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                send(cluster.a, "{\"op\":\"get\",\"key\":\"k\"}", "application/x-ndjson")
                        .statusCode()
                    == 200);
  }

  @Test
  void body_otherType_is415() {
    Entries.assertProblem(send(cluster.a, "[]", "text/plain"), 415, "application/json");
  }

  @OnBothNodes
  void items_10000_areTheMost(Server node) {
    String put = "{\"op\":\"put\",\"key\":\"k%1$d\",\"value\":%1$d}";
    String[] items = IntStream.range(0, 10_000).mapToObj(put::formatted).toArray(String[]::new);
    assertThat(statuses(batch(node, items))).hasSize(10_000).allMatch(status -> status == 201);
    String get = "{\"op\":\"get\",\"key\":\"k%1$d\"}";
    JsonNode found =
        batch(node, IntStream.range(0, 10_000).mapToObj(get::formatted).toArray(String[]::new));
    for (int i = 0; i < 10_000; i++) {
      assertThat(found.get(i).get("value").intValue()).isEqualTo(i);
    }
    String tooMany =
        IntStream.range(0, 10_001).mapToObj(get::formatted).collect(Collectors.joining(","));
    Entries.assertProblem(
        send(node, "[" + tooMany + "]", "application/json"), 413, "at most 10000");
    HttpResponse<String> streamed =
        send(node, tooMany.replace("},{", "}\n{"), "application/x-ndjson");
    List<String> lines = streamed.body().lines().toList();
    assertThat(lines).hasSize(10_001);
    assertThat(lines.get(10_000)).contains("413").contains("nothing after this was executed");
  }

  @Test
  void body_over64Megabytes_is413() throws Exception {
    try (Socket socket = socket(cluster.a)) {
      String head =
          "POST /api/caches/%s/batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
              .formatted(cache, "application/json", (64L << 20) + 1);
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      assertThat(reader(socket).readLine()).startsWith("HTTP/1.1 413");
    }
  }

  @OnBothNodes
  void lines_areAnsweredAsTheyCome(Server node) throws Exception {
    try (Socket socket = socket(node)) {
      OutputStream out = socket.getOutputStream();
      begin(socket);
      BufferedReader answers = reader(socket);
      for (int i = 1; i <= 5; i++) {
        chunk(out, "{\"op\":\"increment\",\"key\":\"lines\"}\n");
        assertThat(nextResult(answers)).contains("\"value\":" + i);
      }
      out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static Socket socket(Server node) throws Exception {
    URI uri = URI.create(node.url());
    Socket socket = new Socket(uri.getHost(), uri.getPort());
    socket.setSoTimeout(30_000);
    return socket;
  }

  private void begin(Socket stream) throws Exception {
    String head =
        "POST /api/caches/%s/batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
            .formatted(cache);
    stream.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
  }

  private static BufferedReader reader(Socket socket) throws Exception {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  private static void chunk(OutputStream out, String line) throws Exception {
    String chunk = Integer.toHexString(line.length()) + "\r\n" + line + "\r\n";
    out.write(chunk.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private static String nextResult(BufferedReader answers) throws Exception {
    String line = answers.readLine();
    while (line != null && !line.startsWith("{")) {
      line = answers.readLine();
    }
    return String.valueOf(line);
  }

  private static List<Integer> statuses(JsonNode results) {
    List<Integer> statuses = new ArrayList<>();
    results.forEach(result -> statuses.add(result.get("status").intValue()));
    return statuses;
  }
}
