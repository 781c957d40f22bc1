package io.smache.tests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request means, where others got it wrong: docs/protocol.md. */
class MeaningIT {
  private final Cluster cluster = Cluster.shared();
  private final String cache = Entries.fresh("meaning");

  @OnBothNodes
  void gzip_withBytesBehindIt_isRefusedAndNothingIsStored(Server node) throws IOException {
    byte[] encoded = gzip("some text");
    for (byte[] rest : List.of(new byte[] {0}, new byte[] {1, 2, 3}, "text".getBytes(UTF_8))) {
      byte[] longer = joined(encoded, rest);
      assertThat(putGzip(node, longer).statusCode()).isEqualTo(400);
      assertThat(patchGzip(node, joined(gzip("{}"), rest)).statusCode()).isEqualTo(400);
      assertThat(Entries.get(node, cache, "z").statusCode()).isEqualTo(404);
    }
  }

  @OnBothNodes
  void gzip_ofSeveralMembers_isOneValue(Server node) throws IOException {
    putGzip(node, joined(gzip("some "), gzip(""), gzip("text")));
    for (Server each : List.of(cluster.a, cluster.b)) {
      assertThat(Entries.get(each, cache, "z").body()).isEqualTo("some text");
    }
  }

  @OnBothNodes
  void coding_whereNoneIsTaken_is415(Server node) throws IOException {
    for (String path : List.of("/api", "/api/caches/" + cache + "/batch")) {
      HttpResponse<byte[]> response =
          Http.sendBytes(
              "POST",
              node.url() + path,
              gzip("[]"),
              "Content-Type",
              "application/json",
              "Content-Encoding",
              "gzip");
      assertThat(response.statusCode()).as(path).isEqualTo(415);
    }
  }

  @OnBothNodes
  void mergePatch_leavesWhatItDoesNotTouchAsItIs(Server node) {
    String url = Entries.one(node, cache, "json");
    Http.send(
        "PUT",
        url,
        "{\"a\":-0.0,\"b\":1E400, \"c\" : [1e-400]}",
        "Content-Type",
        "application/json");
    String patched =
        Http.send("PATCH", url, "{\"d\":1.10}", "Content-Type", "application/merge-patch+json")
            .body();
    assertThat(patched).isEqualTo("{\"a\":-0.0,\"b\":1E400, \"c\" : [1e-400],\"d\":1.10}");
    assertThat(Http.get(url).body()).isEqualTo(patched);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sat, 31 Dec 2016 23:59:60 GMT",
        "Saturday, 31-Dec-16 23:59:60 GMT",
        "Sat Dec 31 23:59:59 2016",
        "Thu Jan  5 00:00:00 2017"
      })
  void date_inAnyForm_isUnderstood(String date) throws IOException {
    for (Server node : List.of(cluster.a, cluster.b)) {
      Entries.put(node, cache, "dated", "x");
      assertThat(raw(node, "GET", "dated", "If-Modified-Since: " + date)).isEqualTo("200");
      assertThat(raw(node, "HEAD", "dated", "If-Unmodified-Since: " + date)).isEqualTo("412");
      assertThat(raw(node, "GET", "dated", "Range: bytes=0-0\r\nIf-Range: " + date))
          .isEqualTo("200");
    }
  }

  @OnBothNodes
  void tag_withBytesBeyondAscii_isATag(Server node) throws IOException {
    Entries.put(node, cache, "tagged", "x");
    assertThat(raw(node, "GET", "tagged", "If-None-Match: \"\u00ff\"")).isEqualTo("200");
    assertThat(raw(node, "DELETE", "tagged", "If-Match: \"\u00e9\", \"\u00ff\"")).isEqualTo("412");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"text/html,,*/*", ",", "*/*,", "text/html, image/gif, *; q=.2, */*; q=.2", "*"})
  void accept_withEmptyElementsOrAsJavaSendsIt_isUnderstood(String accept) {
    for (Server node : List.of(cluster.a, cluster.b)) {
      Entries.put(node, cache, "k", "x");
      for (String url :
          List.of(
              Entries.one(node, cache, "k"),
              Entries.all(node, cache) + "?key=k",
              Entries.all(node, cache),
              node.url() + "/api?key=k",
              node.url() + "/api/cluster")) {
        assertThat(Http.send("GET", url, null, "Accept", accept).statusCode())
            .as(url)
            .isEqualTo(200);
      }
    }
  }

  @OnBothNodes
  void accept_ofJavasOldClient_isUnderstood(Server node) throws IOException {
    URI uri = URI.create(node.url() + "/api/cluster");
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    assertThat(connection.getResponseCode()).isEqualTo(200);
    connection.disconnect();
  }

  @OnBothNodes
  void accept_ofProblemsOnly_isNoReasonToRefuseAWrite(Server node) {
    HttpResponse<String> response =
        Http.send(
            "PUT",
            node.url() + "/api/caches/" + cache,
            "{}",
            "Authorization",
            "Bearer " + Cluster.SECRET,
            "Content-Type",
            "application/json",
            "Accept",
            "application/problem+json");
    assertThat(response.statusCode()).isEqualTo(204);
    Entries.assertProblem(
        Http.send("GET", Entries.one(node, cache, "none"), null, "Accept", "text/html"),
        404,
        "entry");
    Http.administer("DELETE", node.url() + "/api/caches/" + cache, null);
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=-5,200",
    "'bytes=0-1,-5',200",
    "bytes=-0,416",
    "bytes=0-,416",
    "bytes=0-5,416"
  })
  void range_ofAnEmptyValue_isSatisfiableByASuffixOnly(String range, int status) {
    for (Server node : List.of(cluster.a, cluster.b)) {
      String url = Entries.one(node, cache, "empty");
      Http.send("PUT", url, "");
      HttpResponse<String> response = Http.send("GET", url, null, "Range", range);
      assertThat(response.statusCode()).isEqualTo(status);
      assertThat(Http.send("HEAD", url, null, "Range", range).statusCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain; charset=\"utf-8\"",
        "text/plain;charset=utf-8",
        "Text/HTML; Charset=UTF-8; a=b",
        "application/json; charset=utf-16",
        "a/b; charset=x; c=\"d;e\""
      })
  void mediaType_isReturnedAsItWasStored(String type) {
    for (Server node : List.of(cluster.a, cluster.b)) {
      String url = Entries.one(node, cache, "typed");
      Http.send("PUT", url, "x", "Content-Type", type);
      for (Server reader : List.of(cluster.a, cluster.b)) {
        for (String method : List.of("GET", "HEAD")) {
          for (String read :
              List.of(
                  Entries.one(reader, cache, "typed"), Entries.all(reader, cache) + "?key=typed")) {
            assertThat(Http.header(Http.send(method, read, null), "Content-Type"))
                .as(method + " " + read)
                .isEqualTo(type);
          }
        }
        HttpResponse<String> part =
            Http.send("GET", Entries.one(reader, cache, "typed"), null, "Range", "bytes=0-0");
        assertThat(Http.header(part, "Content-Type")).isEqualTo(type);
      }
    }
  }

  @OnBothNodes
  void batchMembers_thatAreEmpty_areAbsent(Server node) {
    String batch = node.url() + "/api/caches/" + cache + "/batch";
    String items =
        """
        [{"op":"put","key":"a","value":{"x":1},"base64":"","type":null,"ttl":null,"groups":[],"by":null},
         {"op":"put","key":"b","base64":"AQI=","value":null,"ifMatch":""},
         {"op":"put","key":"c","base64":""},
         {"op":"put","key":"d","value":null},
         {"op":"get","key":"a","groups":[],"value":null,"type":"","ttl":null},
         {"op":"increment","key":"n","by":null,"value":"","groups":[]},
         {"op":"touch","key":"a","ttl":"1h","groups":[],"initial":null},
         {"op":"delete","key":"d","value":[],"base64":null}]
        """;
    var results = Http.json(Http.send("POST", batch, items, "Content-Type", "application/json"));
    assertThat(results.findValuesAsText("status"))
        .as(results.toString())
        .containsExactly("201", "201", "201", "201", "200", "200", "204", "204");
    assertThat(Entries.get(node, cache, "a").body()).isEqualTo("{\"x\":1}");
    assertThat(Entries.get(node, cache, "b").body()).isEqualTo("\u0001\u0002");
    assertThat(Entries.get(node, cache, "c").body()).isEmpty();
  }

  @OnBothNodes
  void invalidation_thatNamesNothing_isRefusedAndNothingGoes(Server node) {
    Entries.put(node, cache, "k", "x");
    for (String query :
        List.of("", "?", "?all=", "?all=false", "?all=true&group=g", "?all=true&prefix=k")) {
      Entries.assertProblem(
          Http.send("DELETE", Entries.all(node, cache) + query, null), 400, "true");
    }
    assertThat(Entries.get(node, cache, "k").statusCode()).isEqualTo(200);
    assertThat(Http.send("DELETE", Entries.all(node, cache) + "?all=true", null).statusCode())
        .isEqualTo(204);
    assertThat(Entries.get(node, cache, "k").statusCode()).isEqualTo(404);
  }

  @OnBothNodes
  void lifetime_inFields_isThatOfTheEntry(Server node) {
    String url = Entries.one(node, cache, "lived");
    HttpResponse<String> put = Http.send("PUT", url, "x", "Smache-TTL", "5m", "Smache-Stale", "1h");
    assertThat(Http.header(put, "Content-Location")).isEmpty();
    assertThat(Http.header(Http.get(url), "Cache-Control")).matches("max-age=(299|300), .*");
    Http.send("PATCH", url, null, "Smache-Idle", "7s");
    assertThat(Http.header(Http.get(url), "Cache-Control")).isEqualTo("no-cache");
    Entries.assertProblem(
        Http.send("PUT", url + "?ttl=1m", "x", "Smache-TTL", "5m"), 400, "ttl", "Smache-TTL");
    Entries.assertProblem(
        Http.send("PUT", url, "x", "Smache-TTL", "soon"), 400, "Smache-TTL", "soon");
  }

  @OnBothNodes
  void write_atAnotherUrl_namesThatOfTheEntry(Server node) {
    String path = "/api/caches/" + cache + "/entries/a%2Fb%20%E2%82%AC";
    String url = node.url() + path;
    assertThat(location("PUT", url + "?ttl=1h")).isEqualTo(path);
    assertThat(location("PATCH", url + "?ttl=2h")).isEqualTo(path);
    assertThat(location("PUT", url)).isEmpty();
    assertThat(location("DELETE", url)).isEmpty();
    String byQuery = Entries.all(node, cache) + "?key=a%2Fb%20%E2%82%AC";
    assertThat(location("PUT", byQuery)).isEqualTo(path);
    assertThat(location("DELETE", byQuery)).isEqualTo(path);
    assertThat(location("POST", url + "/increment")).isEqualTo(path);
    assertThat(location("POST", byQuery)).isEqualTo(path);
    assertThat(location("PUT", Entries.all(node, cache) + "?key=."))
        .isEqualTo("/api/caches/" + cache + "/entries/%2E");
  }

  private static String location(String method, String url) {
    HttpResponse<String> response = Http.send(method, url, method.equals("PUT") ? "1" : null);
    assertThat(response.statusCode() / 100).as(response.body()).isEqualTo(2);
    return Http.header(response, "Content-Location");
  }

  @OnBothNodes
  void invalidatedGroups_areNamedToCachesOnTheWay(Server node) {
    String groups = "\"a\", \"b\"";
    String url = Entries.one(node, cache, "k");
    String field = "Cache-Group-Invalidation";
    assertThat(Http.header(Http.send("PUT", url, "1", field, groups), field)).isEqualTo(groups);
    assertThat(Http.header(Http.send("DELETE", url, null, field, groups), field)).isEqualTo(groups);
    assertThat(
            Http.header(
                Http.send("DELETE", Entries.all(node, cache) + "?group=a&group=b", null), field))
        .isEqualTo(groups);
    HttpResponse<String> batch =
        Http.send(
            "POST",
            node.url() + "/api/caches/" + cache + "/batch",
            "[]",
            field,
            groups,
            "Content-Type",
            "application/json");
    assertThat(Http.header(batch, field)).isEqualTo(groups);
  }

  @OnBothNodes
  void answer_thatIsNoEntry_isKeptByNoCache(Server node) {
    for (String path :
        List.of(
            "/",
            "/healthcheck",
            "/healthcheck/ready",
            "/api?key=none",
            "/api/cluster",
            "/api/cluster/safe",
            "/api/placement?key=k",
            "/api/caches",
            "/api/openapi.json",
            "/api/caches/" + cache + "/entries",
            "/api/caches/" + cache + "/entries/none",
            "/none")) {
      assertThat(Http.header(Http.get(node.url() + path), "Cache-Control"))
          .as(path)
          .isEqualTo("no-store");
    }
  }

  @OnBothNodes
  void allow_namesTheMethodsOfThePath(Server node) {
    String entry = Entries.one(node, cache, "k");
    String[] methods = {"GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"};
    HttpResponse<String> refused = Http.send("POST", entry, null);
    assertThat(refused.statusCode()).isEqualTo(405);
    assertThat(Http.header(refused, "Allow").split(", *")).containsExactlyInAnyOrder(methods);
    for (String posted : List.of(entry + "/increment", Entries.all(node, cache))) {
      assertThat(Http.header(Http.send("OPTIONS", posted, null), "Allow")).contains("POST");
    }
    for (String key : List.of("a/entries", "increment")) {
      HttpResponse<String> post = Http.send("POST", Entries.all(node, cache) + "/" + key, null);
      assertThat(post.statusCode()).as(key).isEqualTo(405);
      assertThat(Http.header(post, "Allow").split(", *")).containsExactlyInAnyOrder(methods);
    }
  }

  @OnBothNodes
  void json_thatIsNotSaidToBeJson_is415(Server node) throws IOException {
    String batch = "/api/caches/" + cache + "/batch";
    for (String path : List.of("/api", batch)) {
      for (String type : List.of("", "Content-Type: text/plain\r\n")) {
        try (RawConnection connection = new RawConnection(node.url())) {
          connection.send(
              "POST %s HTTP/1.1\r\nHost: x\r\n%sContent-Length: 2\r\n\r\n[]".formatted(path, type));
          assertThat(connection.response().status()).as(path + type).isEqualTo("415");
        }
      }
    }
  }

  private HttpResponse<byte[]> putGzip(Server node, byte[] body) {
    return Http.sendBytes("PUT", Entries.one(node, cache, "z"), body, "Content-Encoding", "gzip");
  }

  private HttpResponse<byte[]> patchGzip(Server node, byte[] body) {
    return Http.sendBytes(
        "PATCH",
        Entries.one(node, cache, "z"),
        body,
        "Content-Encoding",
        "gzip",
        "Content-Type",
        "application/merge-patch+json");
  }

  private String raw(Server node, String method, String key, String fields) throws IOException {
    String head =
        "%s /api/caches/%s/entries/%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n\r\n"
            .formatted(method, cache, key, fields);
    try (RawConnection connection = new RawConnection(node.url())) {
      return connection.exchange(head.getBytes(ISO_8859_1)).split(" ", 3)[1];
    }
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream encoding = new GZIPOutputStream(out)) {
      encoding.write(text.getBytes(UTF_8));
    }
    return out.toByteArray();
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
