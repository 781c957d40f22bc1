package io.smache.node.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smache.node.api.message.FakeRequest;
import io.smache.node.api.message.Reply;
import io.smache.node.cache.LoneNode;
import io.smache.protocol.ClusterSecret;
import io.smache.protocol.message.Json;
import io.smache.protocol.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may do what, on a real node with tokens and without a server. */
class AccessTest {
  private static final int LIMIT = 1 << 12;
  private static final ClusterSecret SECRET = ClusterSecret.of("0123456789abcdef");

  private final LoneNode node = new LoneNode(SECRET, LIMIT).start();
  private Api api;

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("tokens");
    String lines = "";
    for (String line :
        List.of(
            "reader read c", "writer write c", "both read,write", "boss admin", "owner admin c")) {
      String[] words = line.split(" ", 2);
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(words[0].getBytes(UTF_8));
      lines += "%s %s %s%n".formatted(words[0], HexFormat.of().formatHex(hash), words[1]);
    }
    Files.writeString(file, lines);
    Map<String, String> settings =
        Map.of("SMACHE_TOKENS_FILE", file.toString(), "SMACHE_CORS_ORIGINS", "https://app.example");
    api = LoneApi.of(node, LIMIT, new Settings(settings::get));
  }

  private static FakeRequest request(@Nullable String token, String method, String target) {
    FakeRequest request = new FakeRequest(method, target).with("Content-Type", "application/json");
    return token == null ? request : request.with("Authorization", "Bearer " + token);
  }

  private Reply reply(FakeRequest request) {
    return api.reply(request).toCompletableFuture().join();
  }

  private static String text(Reply reply) {
    return new String(Objects.requireNonNull(reply.body()), UTF_8);
  }

  /** Nothing of the data, of the cluster or of clients without a token; health with none. */
  @ParameterizedTest
  @CsvSource({
    "GET, /",
    "GET, /healthcheck",
    "GET, /healthcheck/ready",
    "GET, /healthcheck/started",
    "GET, /api/openapi.json",
    "OPTIONS, /api/caches/c/entries/k"
  })
  void request_withoutAToken_isAnsweredWhereNothingIsShown(String method, String target) {
    assertThat(reply(request(null, method, target)).status().isSuccessful()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api?key=k, read",
    "POST, /api, write",
    "GET, /api/caches/c/entries/k, read",
    "HEAD, /api/caches/c/entries/k, read",
    "PUT, /api/caches/c/entries/k, write",
    "PATCH, /api/caches/c/entries/k, write",
    "DELETE, /api/caches/c/entries/k, write",
    "POST, /api/caches/c/entries/k/increment, write",
    "POST, /api/caches/c/entries?key=k, write",
    "GET, /api/caches/c/entries, read",
    "DELETE, /api/caches/c/entries?all=true, write",
    "GET, /api/caches, read",
    "GET, /api/caches/c, read",
    "PUT, /api/caches/c, admin",
    "DELETE, /api/caches/c, admin",
    "GET, /api/cluster, read",
    "GET, /api/cluster/safe, read",
    "POST, /api/cluster/members/lone/drain, admin",
    "GET, /api/placement?key=k, read",
    "GET, /metrics, read",
    "GET, /api/metrics, read",
    "GET, /api/slow, admin"
  })
  void request_withoutTheRight_is401Or403(String method, String target, String right) {
    Reply without = reply(request(null, method, target));
    assertThat(without.status().code()).isEqualTo(401);
    assertThat(without.field("WWW-Authenticate")).isEqualTo("Bearer");
    Reply unknown = reply(request("nobody", method, target).from("192.0.2." + target.length()));
    assertThat(unknown.status().code()).isEqualTo(401);
    assertThat(unknown.field("WWW-Authenticate")).contains("invalid_token");
    for (String token : List.of("both", "boss")) {
      boolean has = token.equals("boss") == right.equals("admin");
      Reply reply = reply(request(token, method, target));
      if (has) {
        assertThat(reply.status().code()).isNotIn(401, 403);
      } else {
        assertThat(reply.status().code()).isEqualTo(403);
        assertThat(reply.field("WWW-Authenticate")).contains("scope=\"" + right + "\"");
      }
    }
    Reply secret =
        reply(new FakeRequest(method, target).with("Authorization", SECRET.authorization()));
    assertThat(secret.status().code()).isNotIn(401, 403);
  }

  @Test
  void forbidden_namesTheTokenTheRightAndTheCache() {
    String refused = text(reply(request("reader", "PUT", "/api/caches/c/entries/k").body("1")));
    assertThat(refused).contains("the token 'reader' has not the right 'write' for the cache 'c'");
    String other = text(reply(request("reader", "GET", "/api/caches/d/entries/k")));
    assertThat(other).contains("for the cache 'd'");
    assertThat(reply(request("reader", "GET", "/api/caches/c/entries/k")).status().code())
        .isEqualTo(404);
  }

  @Test
  void administration_ofOneCache_isNotThatOfTheCluster() {
    assertThat(reply(request("owner", "PUT", "/api/caches/c").body("{}")).status().code())
        .isEqualTo(204);
    assertThat(reply(request("owner", "PUT", "/api/caches/d").body("{}")).status().code())
        .isEqualTo(403);
    assertThat(reply(request("owner", "POST", "/api/cluster/members/lone/drain")).status().code())
        .isEqualTo(403);
    assertThat(reply(request("owner", "GET", "/api/slow")).status().code()).isEqualTo(403);
  }

  @Test
  void batch_isJudgedItemByItem() throws IOException {
    String items =
        "[{\"op\":\"get\",\"key\":\"k\"},{\"op\":\"put\",\"key\":\"k\",\"value\":1},"
            + "{\"op\":\"increment\",\"key\":\"n\"}]";
    assertThat(statuses("writer", items)).containsExactly("403", "201", "200");
    assertThat(statuses("reader", items)).containsExactly("200", "403", "403");
    assertThat(statuses("boss", items)).containsExactly("403", "403", "403");
    Reply without = reply(request(null, "POST", "/api/caches/c/batch").body(items));
    assertThat(without.status().code()).isEqualTo(401);
    FakeRequest invalidating =
        request("reader", "POST", "/api/caches/c/batch")
            .with("Cache-Group-Invalidation", "\"g\"")
            .body("[]");
    assertThat(reply(invalidating).status().code()).isEqualTo(403);
  }

  private List<String> statuses(String token, String items) throws IOException {
    Reply reply = reply(request(token, "POST", "/api/caches/c/batch").body(items));
    JsonNode results = Json.MAPPER.readTree(text(reply));
    return results.findValuesAsText("status");
  }

  @Test
  void caches_areListedForThoseWhoMayReadThem() {
    reply(request("both", "PUT", "/api/caches/c/entries/k").body("1"));
    reply(request("both", "PUT", "/api/caches/d/entries/k").body("1"));
    assertThat(text(reply(request("both", "GET", "/api/caches")))).contains("\"c\"", "\"d\"");
    assertThat(text(reply(request("reader", "GET", "/api/caches"))))
        .contains("\"c\"")
        .doesNotContain("\"d\"");
  }

  @Test
  void token_inTheQuery_isNone() {
    FakeRequest request = new FakeRequest("GET", "/api/caches/c/entries/k?access_token=both");
    assertThat(reply(request).status().code()).isEqualTo(401);
    FakeRequest basic =
        new FakeRequest("GET", "/api/caches/c/entries/k").with("Authorization", "Basic both");
    assertThat(reply(basic).status().code()).isEqualTo(401);
    assertThat(reply(basic).field("WWW-Authenticate")).isEqualTo("Bearer");
    FakeRequest small =
        new FakeRequest("GET", "/api/caches/c/entries/k").with("Authorization", "bearer  both ");
    assertThat(reply(small).status().code()).isEqualTo(404);
  }

  @Test
  void guesses_manyOfOneAddress_areAnsweredLater() {
    CompletableFuture<Reply> last = new CompletableFuture<>();
    for (int i = 0; i < 11; i++) {
      FakeRequest guess =
          request("guess-" + i, "GET", "/api/caches/c/entries/k").from("198.51.100.7");
      last = api.reply(guess).toCompletableFuture();
    }
    assertThat(last.isDone()).isFalse();
    assertThat(last.join().status().code()).isEqualTo(401);
    assertThat(text(reply(request("both", "GET", "/metrics"))))
        .contains("smache_rejected_total{reason=\"token\"} 11.0");
  }

  @Test
  void page_ofAnAllowedOrigin_seesRepliesAndIsToldWhatItMaySend() {
    String origin = "https://app.example";
    Reply read = reply(request("both", "GET", "/api/caches/c/entries/k").with("Origin", origin));
    assertThat(read.field("Access-Control-Allow-Origin")).isEqualTo(origin);
    assertThat(read.field("Access-Control-Expose-Headers")).contains("ETag", "Smache-Node");
    assertThat(read.field("Vary")).isEqualTo("Origin");
    Reply preflight =
        reply(
            new FakeRequest("OPTIONS", "/api/caches/c/entries/k")
                .with("Origin", origin)
                .with("Access-Control-Request-Method", "PUT"));
    assertThat(preflight.status().code()).isEqualTo(204);
    assertThat(preflight.field("Access-Control-Allow-Methods")).contains("PUT", "PATCH");
    assertThat(preflight.field("Access-Control-Allow-Headers")).contains("Authorization");
    Reply other =
        reply(
            request("both", "GET", "/api/caches/c/entries/k")
                .with("Origin", "https://evil.example"));
    assertThat(other.field("Access-Control-Allow-Origin")).isNull();
    assertThat(other.field("Vary")).isEqualTo("Origin");
  }
}
