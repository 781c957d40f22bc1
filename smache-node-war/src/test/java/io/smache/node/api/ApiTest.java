package io.smache.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smache.node.api.message.FakeRequest;
import io.smache.node.api.message.Reply;
import io.smache.node.cache.LoneNode;
import io.smache.node.cluster.PeerLink;
import io.smache.node.cluster.Wire;
import io.smache.node.store.Command;
import io.smache.node.store.Get;
import io.smache.node.store.Key;
import io.smache.node.store.Outcome;
import io.smache.node.store.Put;
import io.smache.protocol.ClusterSecret;
import io.smache.protocol.message.Json;
import io.smache.protocol.message.Status;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From requests to replies, on a real node without a server. */
class ApiTest {
  private static final int LIMIT = 1 << 12;
  private static final ClusterSecret SECRET = ClusterSecret.of("0123456789abcdef");
  private static final String ENTRY = "/api/caches/c/entries/k";

  private final LoneNode node = new LoneNode(SECRET, LIMIT).start();
  private final Api api = LoneApi.of(node, LIMIT);

  @ParameterizedTest
  @CsvSource({
    "GET, /, 200",
    "GET, /healthcheck, 200",
    "GET, /healthcheck/ready, 200",
    "GET, /api/?key=k, 200",
    "GET, /api/openapi.json, 200",
    "GET, /metrics, 200",
    "GET, /api/metrics, 200",
    "GET, /metrics?name=x, 400",
    "POST, /metrics, 405",
    "GET, /api/placement?key=k, 200",
    "GET, /api/cluster, 200",
    "GET, /api/cluster/safe, 200",
    "GET, /api/cluster/partitions, 200",
    "GET, /api/slow, 200",
    "GET, /healthcheck/started, 200",
    "GET, /console, 308",
    "GET, /console/, 200",
    "GET, /console/app.js, 200",
    "GET, /console/index.html, 200",
    "GET, /console/nothing.js, 404",
    "GET, /console/../web.xml, 404",
    "GET, /consoles, 404",
    "POST, /console/, 405",
    "PUT, /api/caches/c/entries/k?keep=ttl, 201",
    "PUT, /api/caches/c/entries/k?keep=groups, 400",
    "PUT, /api/caches/c/entries/k?keep=ttl&ttl=5s, 400",
    "PATCH, /api/caches/c/entries/k?keep=ttl, 400",
    "GET, /api/caches, 200",
    "GET, /api/caches/, 200",
    "GET, /api/caches/c, 404",
    "GET, /api/caches/c/entries, 200",
    "GET, /api/caches/c/entries?key=k, 404",
    "GET, /api/caches/c/entries/k, 404",
    "GET, /api/caches/%63/entries/k, 404",
    "GET, /api/caches/c/entries/, 400",
    "GET, /api/caches/c;x/entries/k, 400",
    "GET, /api/caches/c/entries/%zz, 400",
    "GET, /api/caches//entries/k, 404",
    "GET, /api/caches/c/other, 404",
    "GET, /api/caches/c/entriesk, 404",
    "GET, /api;x?key=k, 404",
    "GET, /nothing, 404",
    "GET, /api, 403",
    "GET, /api/placement, 403",
    "DELETE, /api/caches/c/entries, 400",
    "DELETE, /api/caches/c/entries?all=true, 204",
    "POST, /api/caches/c/entries/k/increment, 200",
    "POST, /api/caches/c/entries?key=k, 200",
    "POST, /api/caches/c/entries/, 400",
    "POST, /api/caches/c/entries/k, 405",
    "POST, /api/caches/c/entries/increment, 405",
    "POST, /api/cluster/members/lone/drain, 401",
    "GET, /api/cluster/members/lone/drain, 405",
    "GET, /api/cluster/members/drain, 404",
    "PUT, /api/caches/c, 401",
    "GET, /internal/member, 401",
    "POST, /internal/operations, 401",
    "GET, /internal/nothing, 404",
    "TRACE, /api, 405",
    "OPTIONS, /api/caches/c/entries/k, 204"
  })
  void reply_pathAndMethod_hasItsStatus(String method, String target, int status) {
    assertThat(reply(new FakeRequest(method, target)).status().code()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "/api, 'GET, HEAD, OPTIONS, POST'",
    "/api/caches/c/entries, 'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT'",
    "/api/caches/c/entries/k, 'DELETE, GET, HEAD, OPTIONS, PATCH, PUT'",
    "/api/caches/c/entries/k/increment, 'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT'",
    "/api/caches/c/batch, 'OPTIONS, POST'"
  })
  void options_ofAPath_namesItsMethods(String path, String allow) {
    assertThat(fields(reply(new FakeRequest("OPTIONS", path)))).containsEntry("Allow", allow);
    assertThat(fields(reply(new FakeRequest("TRACE", path)))).containsEntry("Allow", allow);
  }

  @Test
  void partitions_ofANodeAlone_areAllItsOwn() throws IOException {
    JsonNode owned =
        Json.MAPPER.readTree(body(reply(new FakeRequest("GET", "/api/cluster/partitions"))));
    assertThat(owned.get("members").get(0).textValue()).isEqualTo("lone");
    assertThat(owned.get("owners")).hasSize(1024).allMatch(each -> each.intValue() == 0);
    assertThat(owned.get("sources")).hasSize(1024).allMatch(each -> each.intValue() == -1);
  }

  /** What is replaced passes its life on, and its groups and type do not count. */
  @Test
  void put_thatKeepsTheLife_changesTheRest() {
    FakeRequest first =
        new FakeRequest("PUT", ENTRY + "?ttl=1h").body("1").with("Cache-Groups", "\"g\"");
    assertThat(reply(first).status()).isEqualTo(Status.CREATED);
    FakeRequest second = new FakeRequest("PUT", ENTRY + "?keep=ttl").body("2");
    assertThat(reply(second).status()).isEqualTo(Status.NO_CONTENT);
    Map<String, String> kept = fields(reply(new FakeRequest("GET", ENTRY)));
    assertThat(kept.get("Cache-Control")).matches("max-age=3[56][0-9]{2}, .*");
    assertThat(kept).doesNotContainKey("Cache-Groups");
    FakeRequest batch =
        new FakeRequest("POST", "/api/caches/c/batch")
            .with("Content-Type", "application/json")
            .body(
                "[{\"op\":\"put\",\"key\":\"k\",\"value\":3,\"keep\":\"ttl\"},"
                    + "{\"op\":\"put\",\"key\":\"k\",\"value\":3,\"keep\":\"ttl\",\"ttl\":\"5s\"}]");
    assertThat(body(reply(batch)))
        .contains("\"status\":204", "\"status\":400", "keeps the lifetime");
    assertThat(fields(reply(new FakeRequest("GET", ENTRY))).get("Cache-Control"))
        .matches("max-age=3[56][0-9]{2}, .*");
    assertThat(reply(new FakeRequest("PUT", ENTRY).body("4")).status())
        .isEqualTo(Status.NO_CONTENT);
    assertThat(fields(reply(new FakeRequest("GET", ENTRY))).get("Cache-Control"))
        .isEqualTo("no-cache");
  }

  @Test
  void console_isServedWithAStrictPolicyAndIsSmall() {
    int bytes = 0;
    for (String file : List.of("", "style.css", "app.js", "entry.js", "icon.svg")) {
      Reply reply = reply(new FakeRequest("GET", "/console/" + file));
      assertThat(fields(reply).get("Content-Security-Policy"))
          .contains("default-src 'none'", "frame-ancestors 'none'")
          .doesNotContain("unsafe", "*", "data:", "blob:", "http");
      assertThat(fields(reply)).containsEntry("X-Content-Type-Options", "nosniff");
      bytes += body(reply).length();
    }
    assertThat(bytes).isLessThan(150_000);
    assertThat(fields(reply(new FakeRequest("GET", "/console"))))
        .containsEntry("Location", "/console/");
  }

  @Test
  void head_ofAnything_hasTheLengthAndNoBody() {
    put("value");
    for (String target : List.of(ENTRY, "/api?key=k", "/api/caches", "/api/caches/c/entries")) {
      Reply got = reply(new FakeRequest("GET", target));
      Reply headed = reply(new FakeRequest("HEAD", target));
      assertThat(headed.body()).isNull();
      assertThat(headed.status()).isEqualTo(got.status());
      assertThat(fields(headed))
          .containsEntry("Content-Length", Integer.toString(body(got).length()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api?key=k", "/api/caches", "/healthcheck", "/api/cluster"})
  void accept_withoutJson_is406WhereJsonIsAnswered(String target) {
    Reply refused = reply(new FakeRequest("GET", target).with("Accept", "text/html"));
    assertThat(refused.status()).isEqualTo(Status.NOT_ACCEPTABLE);
    assertThat(body(refused)).contains("text/html").contains("application/json");
  }

  @Test
  void accept_ofAReplyWithoutContent_isIgnored() {
    FakeRequest drop =
        new FakeRequest("DELETE", "/api/caches/c")
            .with("Authorization", SECRET.authorization())
            .with("Accept", "application/problem+json");
    assertThat(reply(drop).status()).isEqualTo(Status.NO_CONTENT);
  }

  @Test
  void accept_withoutTheTypeOfAValue_isIgnored() {
    put("value");
    assertThat(reply(new FakeRequest("GET", ENTRY).with("Accept", "image/png")).status())
        .isEqualTo(Status.OK);
  }

  @Test
  void write_fromAPageOfAnotherOrigin_is403AndDoesNothing() {
    FakeRequest put =
        new FakeRequest("PUT", ENTRY).body("x").with("Origin", "https://evil.example");
    assertThat(reply(put).status()).isEqualTo(Status.FORBIDDEN);
    assertThat(reply(new FakeRequest("GET", ENTRY)).status()).isEqualTo(Status.NOT_FOUND);
    assertThat(api.call(put).refusal()).isNotNull();
  }

  @Test
  void refusal_ofWhatAHandlerAnswers_isNone() {
    assertThat(api.call(new FakeRequest("GET", "/api")).refusal()).isNull();
    assertThat(api.call(new FakeRequest("GET", ENTRY)).refusal()).isNull();
    assertThat(Objects.requireNonNull(api.call(new FakeRequest("GET", "/x")).refusal()).status())
        .isEqualTo(Status.NOT_FOUND);
  }

  @Test
  void mostBytes_ofARequest_isWhatItsPathAccepts() {
    assertThat(api.call(new FakeRequest("PUT", ENTRY)).mostBytes()).isEqualTo(LIMIT);
    assertThat(api.call(new FakeRequest("POST", "/api")).mostBytes()).isEqualTo(LIMIT);
    assertThat(api.call(new FakeRequest("POST", "/api/caches/c/batch")).mostBytes())
        .isEqualTo(64 << 20);
    assertThat(api.call(new FakeRequest("PUT", "/api/caches/c")).mostBytes()).isEqualTo(1 << 16);
    assertThat(api.call(new FakeRequest("PUT", "/nothing")).mostBytes()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/caches/c/entries/k, true",
    "PUT, /api/caches/c/entries/k, true",
    "POST, /api/caches/c/entries/k/increment, true",
    "GET, /api?key=k, true",
    "GET, /healthcheck/ready, true",
    "PATCH, /api/caches/c/entries/k, false",
    "GET, /api/caches/c/entries, false",
    "GET, /api/caches/c/entries/, false",
    "DELETE, /api/caches/c/entries?group=g, false",
    "POST, /api/caches/c/batch, false",
    "GET, /api/caches, false",
    "GET, /nothing, false"
  })
  void isLight_ofARequest_isWhetherItTakesMicroseconds(
      String method, String target, boolean light) {
    assertThat(api.call(new FakeRequest(method, target)).isLight()).isEqualTo(light);
  }

  @Test
  void put_lockNotAvailable_is503AndStoresNothing() {
    node.locks.hold(true);
    Reply refused = put("value");
    assertThat(refused.status()).isEqualTo(Status.SERVICE_UNAVAILABLE);
    assertThat(fields(refused)).containsEntry("Retry-After", "1");
    node.locks.hold(false);
    assertThat(reply(new FakeRequest("GET", ENTRY)).status()).isEqualTo(Status.NOT_FOUND);
  }

  @Test
  void put_overTheLimit_is413() {
    assertThat(put("x".repeat(LIMIT + 1)).status()).isEqualTo(Status.CONTENT_TOO_LARGE);
    assertThat(put("x".repeat(LIMIT)).status()).isEqualTo(Status.CREATED);
  }

  @Test
  void write_underAnotherUrl_namesTheEntry() {
    assertThat(fields(put("v"))).doesNotContainKey("Content-Location");
    FakeRequest byQuery = new FakeRequest("PUT", "/api/caches/c/entries?key=a/b").body("v");
    assertThat(fields(reply(byQuery)))
        .containsEntry("Content-Location", "/api/caches/c/entries/a%2Fb");
  }

  @Test
  void batch_array_isAnsweredInOrder() throws IOException {
    FakeRequest batch =
        new FakeRequest("POST", "/api/caches/c/batch")
            .with("Content-Type", "application/json")
            .body(
                "[{\"op\":\"put\",\"key\":\"k\",\"value\":1},{\"op\":\"nonsense\",\"key\":1},"
                    + "{\"op\":\"get\",\"key\":\"k\"}]");
    JsonNode results = Json.MAPPER.readTree(body(reply(batch)));
    assertThat(results.findValuesAsText("status")).containsExactly("201", "400", "200");
  }

  @Test
  void batch_lines_areAnExchange() throws IOException {
    FakeRequest batch =
        new FakeRequest("POST", "/api/caches/c/batch")
            .with("Content-Type", "application/x-ndjson; charset=utf-8");
    assertThat(api.call(batch).isStream()).isTrue();
    Reply reply = reply(batch);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Objects.requireNonNull(reply.exchange())
        .run(
            new ByteArrayInputStream(
                "{\"op\":\"put\",\"key\":\"k\",\"value\":1}\n{\"op\":\"get\",\"key\":\"k\"}"
                    .getBytes(StandardCharsets.UTF_8)),
            out);
    assertThat(out.toString(StandardCharsets.UTF_8).lines()).hasSize(2);
  }

  @Test
  void batch_moreStreamsThanAllowed_is503() {
    FakeRequest batch =
        new FakeRequest("POST", "/api/caches/c/batch").with("Content-Type", "application/x-ndjson");
    for (int i = 0; i < 8; i++) {
      assertThat(reply(batch).exchange()).isNotNull();
    }
    assertThat(reply(batch).status()).isEqualTo(Status.SERVICE_UNAVAILABLE);
  }

  @Test
  void administration_withTheSecret_isDone() {
    FakeRequest configure =
        new FakeRequest("PUT", "/api/caches/c")
            .with("Authorization", SECRET.authorization())
            .with("Content-Type", "application/json")
            .body("{\"ttl\":\"1h\"}");
    assertThat(reply(configure).status()).isEqualTo(Status.NO_CONTENT);
    assertThat(body(reply(new FakeRequest("GET", "/api/caches/c")))).isEqualTo("{\"ttl\":3600}");
  }

  @Test
  void administration_ofANodeWithoutASecret_isForItsOwnMachine() {
    LoneNode open = new LoneNode(ClusterSecret.NONE, LIMIT).start();
    Api openApi = LoneApi.of(open, LIMIT);
    FakeRequest drop = new FakeRequest("DELETE", "/api/caches/c");
    assertThat(reply(openApi, drop).status()).isEqualTo(Status.NO_CONTENT);
    assertThat(reply(openApi, drop.from("10.0.0.1")).status()).isEqualTo(Status.UNAUTHORIZED);
    assertThat(reply(openApi, drop.from("::1").with("Via", "1.1 proxy")).status())
        .isEqualTo(Status.UNAUTHORIZED);
  }

  @Test
  void internal_ofAnotherCluster_is409() {
    FakeRequest request = member("POST", PeerLink.OPERATIONS).with(PeerLink.CLUSTER_ID, "other");
    assertThat(reply(request).status()).isEqualTo(Status.CONFLICT);
  }

  @Test
  void internal_noMessage_is400() {
    FakeRequest request =
        member("POST", PeerLink.OPERATIONS)
            .with(PeerLink.CLUSTER_ID, node.membership.cluster())
            .body("nonsense");
    assertThat(reply(request).status()).isEqualTo(Status.BAD_REQUEST);
  }

  @Test
  void internal_operationsAndCommands_areExecuted() throws Exception {
    Key key = Key.of("k");
    Put put = Put.plain("c", key, new byte[] {1}, io.smache.node.store.Format.BYTES);
    Wire.Operations asked = new Wire.Operations(List.of(put, Get.plain("c", key)), true, null);
    Reply done =
        reply(
            member("POST", PeerLink.OPERATIONS)
                .with(PeerLink.CLUSTER_ID, node.membership.cluster())
                .body(Wire.write(asked)));
    List<Outcome> outcomes =
        Wire.read(Objects.requireNonNull(done.body()), Wire.Outcomes.class).outcomes();
    assertThat(outcomes.get(0)).isInstanceOf(Outcome.Stored.class);
    assertThat(outcomes.get(1)).isInstanceOf(Outcome.Found.class);
    Reply counted =
        reply(
            member("POST", PeerLink.COMMANDS)
                .with(PeerLink.CLUSTER_ID, node.membership.cluster())
                .body(Wire.write(new Wire.Order(new Command.Count()))));
    assertThat(
            Wire.read(Objects.requireNonNull(counted.body()), Command.CommandReport.class)
                .statistics())
        .hasSize(1);
  }

  private static FakeRequest member(String method, String path) {
    return new FakeRequest(method, path)
        .with("Authorization", SECRET.authorization())
        .with("Content-Type", Wire.MEDIA_TYPE);
  }

  private Reply put(String value) {
    return reply(new FakeRequest("PUT", ENTRY).body(value));
  }

  private Reply reply(FakeRequest request) {
    return reply(api, request);
  }

  private static Reply reply(Api api, FakeRequest request) {
    return api.reply(request).toCompletableFuture().join();
  }

  private static String body(Reply reply) {
    return new String(Objects.requireNonNull(reply.body()), StandardCharsets.UTF_8);
  }

  private static Map<String, String> fields(Reply reply) {
    Map<String, String> fields = new HashMap<>();
    reply.eachField(fields::put);
    return fields;
  }
}
