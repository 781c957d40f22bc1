package io.smache.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A member with tokens, at both of its doors; the other members have none, and do what it sends
 * them. It logs requests, and takes those of 1 ms for slow.
 */
@TestInstance(Lifecycle.PER_CLASS)
class TokensIT {
  private static final String TOKEN_SH =
      Server.REPOSITORY.resolve("scripts").resolve("token.sh").toString();
  private static final String JSON = "application/json";

  private final Cluster cluster = Cluster.shared();
  private Path file;
  private String web;
  private String reader;
  private String boss;
  private Server node;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    file = directory.resolve("tokens");
    web = token("web", "read,write", "pages,t-*");
    reader = token("reader", "read");
    boss = token("boss", "admin");
    node =
        cluster.node(
            "t",
            Map.of(
                "SMACHE_TOKENS_FILE", file.toString(),
                "SMACHE_ACCESS_LOG", "true",
                "SMACHE_SLOW", "1"));
    cluster.awaitMembers("a", "b", "t");
  }

  @AfterAll
  void stop() {
    node.close();
    cluster.awaitMembers("a", "b");
  }

  private String token(String... arguments) throws Exception {
    return token(file, arguments);
  }

  /** Makes a token, whose line is appended to a file. */
  static String token(Path file, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(TOKEN_SH));
    command.addAll(List.of(arguments));
    Path error = file.resolveSibling("err");
    ProcessBuilder script = new ProcessBuilder(command);
    script.environment().put("SMACHE_TOKENS_FILE", file.toString());
    Process process = script.redirectError(error.toFile()).start();
    String token = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    assertThat(process.waitFor()).as(Files.readString(error)).isZero();
    assertThat(token).matches("[0-9a-f]{64}");
    return token;
  }

  Stream<String> doors() {
    return Stream.of(node.url(), node.serverUrl());
  }

  private static HttpResponse<String> send(
      String token, String method, String url, @Nullable String body) {
    return Http.send(method, url, body, "Authorization", "Bearer " + token, "Content-Type", JSON);
  }

  @ParameterizedTest
  @MethodSource("doors")
  void request_isJudgedByItsToken(String door) {
    String entry = door + "/api/caches/pages/entries/k";
    HttpResponse<String> none = Http.send("PUT", entry, "1");
    Entries.assertProblem(none, 401, "Authorization: Bearer TOKEN");
    assertThat(Http.header(none, "WWW-Authenticate")).isEqualTo("Bearer");
    Entries.assertProblem(send("x" + web.substring(1), "PUT", entry, "1"), 401, "no such token");
    assertThat(send(web, "PUT", entry, "1").statusCode()).isIn(201, 204);
    assertThat(send(reader, "GET", entry, null).body()).isEqualTo("1");
    Entries.assertProblem(
        send(reader, "PUT", entry, "2"), 403, "the token 'reader'", "right 'write'", "'pages'");
    Entries.assertProblem(
        send(web, "GET", door + "/api/caches/other/entries/k", null), 403, "'other'");
    Entries.assertProblem(send(web, "PUT", door + "/api/caches/pages", "{}"), 403, "right 'admin'");
    assertThat(send(boss, "PUT", door + "/api/caches/pages", "{}").statusCode()).isEqualTo(204);
    assertThat(Http.administer("PUT", door + "/api/caches/pages", "{}").statusCode())
        .isEqualTo(204);
    Entries.assertProblem(Http.post(door, "{\"key\":\"k\",\"data\":1}"), 401, "send a token");
    Entries.assertProblem(Http.get(entry + "?access_token=" + web), 401, "send a token");
  }

  /** Nobody has to send a long body to hear that. */
  @ParameterizedTest
  @MethodSource("doors")
  void request_withALongBodyAndNoToken_is401(String door) {
    String entry = door + "/api/caches/pages/entries/long";
    assertThat(Http.send("PUT", entry, "x".repeat(1 << 19)).statusCode()).isEqualTo(401);
    assertThat(send(reader, "GET", entry, null).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @MethodSource("doors")
  void batch_isJudgedItemByItem(String door) {
    String items = "[{\"op\":\"put\",\"key\":\"b\",\"value\":1},{\"op\":\"get\",\"key\":\"b\"}]";
    String url = door + "/api/caches/pages/batch";
    JsonNode done = Http.json(send(web, "POST", url, items));
    assertThat(done.get(1).get("value").intValue()).isEqualTo(1);
    JsonNode refused = Http.json(send(reader, "POST", url, items));
    assertThat(refused.get(0).get("status").intValue()).isEqualTo(403);
    assertThat(refused.get(0).get("detail").textValue()).contains("right 'write'");
    assertThat(refused.get(1).get("status").intValue()).isEqualTo(200);
    String lines = "{\"op\":\"put\",\"key\":\"b\",\"value\":2}\n{\"op\":\"get\",\"key\":\"b\"}\n";
    String[] ndjson = {"Authorization", "Bearer " + reader, "Content-Type", "application/x-ndjson"};
    assertThat(Http.send("POST", url, lines, ndjson).body().lines())
        .satisfiesExactly(
            first -> assertThat(first).contains("\"status\":403"),
            second -> assertThat(second).contains("\"status\":200", "\"value\":1"));
    assertThat(Http.send("POST", url, lines, "Content-Type", "application/x-ndjson").statusCode())
        .isEqualTo(401);
  }

  /** Keys of all owners: what goes on to another member needs no token there. */
  @ParameterizedTest
  @MethodSource("doors")
  void request_forAKeyOfAnotherMember_isJudgedWhereItEnters(String door) {
    for (int i = 0; i < 30; i++) {
      String path = "/api/caches/t-forwarded/entries/k" + i;
      assertThat(send(web, "PUT", door + path, "1").statusCode()).isIn(201, 204);
      assertThat(Http.get(cluster.a.url() + path).body()).isEqualTo("1");
      assertThat(send(reader, "GET", door + path, null).body()).isEqualTo("1");
    }
  }

  @ParameterizedTest
  @MethodSource("doors")
  void health_needsNoToken_figuresDo(String door) {
    for (String path : List.of("/healthcheck", "/healthcheck/ready", "/healthcheck/started")) {
      assertThat(Http.get(door + path).statusCode()).as(path).isEqualTo(200);
    }
    for (String path : List.of("/api/metrics", "/api/cluster", "/api/caches")) {
      assertThat(Http.get(door + path).statusCode()).as(path).isEqualTo(401);
      assertThat(send(reader, "GET", door + path, null).statusCode()).as(path).isEqualTo(200);
    }
    assertThat(send(web, "GET", door + "/api/caches", null).body()).doesNotContain("\"tests-");
  }

  @Test
  void file_thatChanges_countsWithinSeconds() throws Exception {
    String entry = node.url() + "/api/caches/pages/entries/changed";
    String later = token("later", "read");
    await().atMost(Server.TIMEOUT).until(() -> send(later, "GET", entry, null).statusCode() == 404);
    List<String> lines = Files.readAllLines(file);
    Files.write(file, lines.stream().filter(line -> !line.startsWith("later ")).toList());
    await().atMost(Server.TIMEOUT).until(() -> send(later, "GET", entry, null).statusCode() == 401);
    Files.writeString(file, "nonsense");
    node.awaitLog("the tokens that were there before stay in force");
    assertThat(send(reader, "GET", entry, null).statusCode()).isEqualTo(404);
    Files.write(file, lines);
    await().atMost(Server.TIMEOUT).until(() -> send(later, "GET", entry, null).statusCode() == 404);
  }

  @ParameterizedTest
  @MethodSource("doors")
  void log_hasEveryRequestAndNoToken(String door) {
    String path = "/api/caches/pages/entries/logged-" + door.hashCode();
    send(web, "PUT", door + path + "?ttl=1h", "12345");
    send(reader, "GET", door + path, null);
    Http.get(door + path);
    node.awaitLog("\"GET " + path + " HTTP/1.1\" 401 ");
    assertThat(node.log())
        .containsPattern(
            "127\\.0\\.0\\.1 - web \\[[^]]+] \"PUT \\Q"
                + path
                + "\\E HTTP/1\\.1\" 201 0 [abt] [0-9]+")
        .containsPattern(" - reader \\[[^]]+] \"GET \\Q" + path + "\\E HTTP/1\\.1\" 200 5 [abt] ")
        .containsPattern(" - - \\[[^]]+] \"GET \\Q" + path + "\\E HTTP/1\\.1\" 401 ")
        .doesNotContain(web, reader, boss, "?ttl");
  }

  @ParameterizedTest
  @MethodSource("doors")
  void slow_hasThoseThatTookLong(String door) {
    String url = door + "/api/caches/pages/batch";
    StringBuilder items = new StringBuilder("[");
    for (int i = 0; i < 5_000; i++) {
      items.append(i == 0 ? "" : ",").append("{\"op\":\"get\",\"key\":\"n%d\"}".formatted(i));
    }
    send(web, "POST", url, items.append(']').toString());
    Entries.assertProblem(send(reader, "GET", door + "/api/slow", null), 403, "right 'admin'");
    JsonNode slow = Http.json(send(boss, "GET", door + "/api/slow", null));
    assertThat(slow.get("threshold").asText()).isEqualTo("0.001");
    assertThat(slow.get("requests"))
        .anySatisfy(
            each -> {
              assertThat(each.get("method").textValue()).isEqualTo("POST");
              assertThat(each.get("path").textValue()).isEqualTo("/api/caches/pages/batch");
              assertThat(each.get("status").intValue()).isEqualTo(200);
              assertThat(each.get("seconds").doubleValue()).isPositive();
            });
    assertThat(slow.get("requests").size()).isBetween(1, 128);
  }

  @Test
  void banner_saysWhetherThereAreTokens() throws IOException {
    assertThat(node.log()).contains("tokens     3, of " + file);
    assertThat(cluster.a.log()).contains("tokens     none: whoever reaches this node may");
  }

  @Test
  void tokenSh_withWrongArguments_saysWhatIsAllowed() throws Exception {
    for (String[] wrong :
        new String[][] {{"a b", "read"}, {"web", "reed"}, {"web", "read", "a b"}, {"web"}}) {
      List<String> command = new ArrayList<>(List.of(TOKEN_SH));
      command.addAll(List.of(wrong));
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor()).as(said).isNotZero();
      assertThat(said).containsAnyOf("must be", "Usage:");
    }
  }
}
