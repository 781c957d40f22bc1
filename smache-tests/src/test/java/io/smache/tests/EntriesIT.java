package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * docs/protocol.md, entries: verbs, preconditions, ranges and codings. What takes a node runs on
 * both for one key, and so through the owner and through another node.
 */
class EntriesIT {
  private static final String CACHE = "entries";
  private static final String MERGE = "application/merge-patch+json";

  private final Cluster cluster = Cluster.shared();
  private final String key = Entries.fresh("key");

  private String url(Server node) {
    return Entries.one(node, CACHE, key);
  }

  @OnBothNodes
  void put_get_head_delete_doWhatTheyMean(Server node) {
    byte[] value = new byte[2000];
    new Random(1).nextBytes(value);
    HttpResponse<byte[]> created =
        Http.sendBytes("PUT", url(node), value, "Content-Type", "image/png");
    assertThat(created.statusCode()).isEqualTo(201);
    Cluster.nodes()
        .forEach(
            reader -> {
              HttpResponse<byte[]> found = Http.sendBytes("GET", url(reader), null);
              assertThat(found.statusCode()).isEqualTo(200);
              assertThat(found.body()).isEqualTo(value);
              assertThat(Http.header(found, "Content-Type")).isEqualTo("image/png");
              assertThat(Http.header(found, "Content-Length")).isEqualTo("2000");
              assertThat(Http.header(found, "Smache-Node")).isIn("a", "b", "g");
              assertThat(Http.header(found, "ETag")).isEqualTo(Http.header(created, "ETag"));
              assertThat(Http.header(found, "Last-Modified")).endsWith("GMT");
              HttpResponse<byte[]> head = Http.sendBytes("HEAD", url(reader), null);
              assertThat(head.statusCode()).isEqualTo(200);
              assertThat(head.body()).isEmpty();
              for (String same : List.of("Content-Type", "Content-Length", "ETag", "Vary")) {
                assertThat(Http.header(head, same)).as(same).isEqualTo(Http.header(found, same));
              }
            });
    HttpResponse<String> replaced = Http.send("PUT", url(node), "");
    assertThat(replaced.statusCode()).isEqualTo(204);
    assertThat(Entries.etag(replaced)).isNotEqualTo(Entries.etag(created));
    HttpResponse<String> empty = Http.send("GET", url(node), null);
    assertThat(empty.statusCode()).isEqualTo(200);
    assertThat(empty.body()).isEmpty();
    assertThat(Http.header(empty, "Content-Type")).isEqualTo("application/octet-stream");
    assertThat(Http.send("DELETE", url(node), null).statusCode()).isEqualTo(204);
    Entries.assertProblem(Http.send("DELETE", url(node), null), 404, "no such entry");
    HttpResponse<String> gone = Http.send("GET", url(node), null);
    Entries.assertProblem(gone, 404, "no such entry");
    assertThat(Http.header(gone, "Cache-Control")).isEqualTo("no-store");
    assertThat(Http.send("HEAD", url(node), null).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a/b",
        "a//b/",
        "/",
        "a%b",
        "%2F",
        "a;b=c",
        ".",
        "..",
        "../x",
        "a?b",
        "a#b",
        "a+b",
        "a b",
        "💥",
        "日本",
        "increment",
        "x/increment",
        "entries",
        "&=",
        "\"'<>"
      })
  void key_anyText_worksInPathAndQuery(String text) {
    for (Server node : List.of(cluster.a, cluster.b)) {
      String inPath = Entries.one(node, CACHE, text);
      String inQuery = Entries.all(node, CACHE) + "?key=" + Http.encode(text);
      assertThat(Http.send("PUT", inPath, text).statusCode()).isIn(201, 204);
      assertThat(Http.send("GET", inQuery, null).body()).isEqualTo(text);
      assertThat(Http.send("PUT", inQuery, text + "2").statusCode()).isEqualTo(204);
      assertThat(Http.send("GET", inPath, null).body()).isEqualTo(text + "2");
      assertThat(Http.send("HEAD", inQuery, null).statusCode()).isEqualTo(200);
      assertThat(Http.send("PATCH", inQuery + "&ttl=1h", null).statusCode()).isEqualTo(204);
      assertThat(Http.send("DELETE", inQuery, null).statusCode()).isEqualTo(204);
      assertThat(Http.send("POST", inQuery + "&by=2", null).body()).isEqualTo("2");
      assertThat(Http.send("POST", inPath + "/increment", null).body()).isEqualTo("3");
      assertThat(Http.send("DELETE", inPath, null).statusCode()).isEqualTo(204);
    }
  }

  @Test
  void key_unencodedInThePath_isTakenAsItIs() {
    String base = Entries.all(cluster.a, CACHE) + "/";
    Http.send("PUT", base + "raw/a;b=c", "1");
    assertThat(Entries.get(cluster.b, CACHE, "raw/a;b=c").body()).isEqualTo("1");
  }

  @OnBothNodes
  void key_of8Kilobytes_worksAndLongerIs414(Server node) {
    String longest = "é".repeat(4096);
    assertThat(Entries.put(node, CACHE, longest, "x").statusCode()).isIn(201, 204);
    assertThat(Entries.get(node, CACHE, longest).body()).isEqualTo("x");
    Entries.assertProblem(Entries.get(node, CACHE, longest + "x"), 414, "at most 8192");
    String inQuery = Entries.all(node, CACHE) + "?key=" + Http.encode(longest) + "x";
    Entries.assertProblem(Http.send("GET", inQuery, null), 414, "at most 8192");
  }

  @OnBothNodes
  void key_empty_isRefusedAndNeverMeansAllEntries(Server node) {
    Http.send("PUT", url(node), "still there");
    for (String method : List.of("GET", "PUT", "DELETE", "PATCH", "POST", "HEAD")) {
      for (String empty : List.of("/", "?key=", "/?key=", ";x")) {
        HttpResponse<String> response = Http.send(method, Entries.all(node, CACHE) + empty, null);
        assertThat(response.statusCode()).as(method + empty).isIn(400, 404);
      }
    }
    assertThat(Http.send("GET", url(node), null).body()).isEqualTo("still there");
  }

  @OnBothNodes
  void defaultCache_isTheSeeds(Server node) {
    Http.post(node.url(), "{\"key\":\"" + key + "\",\"data\":{\"n\":1.50}}");
    HttpResponse<String> found = Entries.get(cluster.b, "default", key);
    assertThat(found.body()).isEqualTo("{\"n\":1.50}");
    assertThat(Http.header(found, "Content-Type")).isEqualTo("application/json");
    String url = Entries.one(node, "default", key);
    Http.send("PUT", url, "[1, 2]", "Content-Type", "application/json");
    assertThat(Http.getKey(cluster.a.url(), key).body()).endsWith("\"data\":[1, 2]}");
    Http.send("PUT", url, "é \"text\"", "Content-Type", "text/plain");
    assertThat(Http.json(Http.getKey(node.url(), key)).get("data").textValue())
        .isEqualTo("é \"text\"");
    Http.send("PUT", url, "{broken", "Content-Type", "application/json");
    assertThat(Http.json(Http.getKey(node.url(), key)).get("data").textValue())
        .isEqualTo("{broken");
    Http.sendBytes("PUT", url, new byte[] {(byte) 0xff, 0});
    assertThat(Http.json(Http.getKey(node.url(), key)).get("data").textValue()).isEqualTo("/wA=");
    assertThat(Entries.get(node, "other", key).statusCode()).isEqualTo(404);
  }

  @Test
  void etag_ofEveryWrite_isNew() {
    Set<String> tags = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      Server node = i % 2 == 0 ? cluster.a : cluster.b;
      assertThat(tags.add(Entries.etag(Http.send("PUT", url(node), "same")))).isTrue();
      assertThat(tags.add(Entries.etag(Http.send("PATCH", url(node) + "?ttl=1h", null)))).isTrue();
      assertThat(tags).contains(Entries.etag(Http.send("GET", url(node), null)));
      Http.send("DELETE", url(node), null);
    }
  }

  @OnBothNodes
  void preconditions_holdOnEveryVerb(Server node) {
    String url = url(node);
    String etag = Entries.etag(Http.send("PUT", url, "1", "Content-Type", "application/json"));
    for (String verb : List.of("PUT", "DELETE", "PATCH", "GET", "HEAD", "POST")) {
      String target = verb.equals("POST") ? url + "/increment" : url;
      for (String[] condition :
          new String[][] {
            {"If-Match", "\"other\""},
            {"If-Match", "W/" + etag},
            {"If-Unmodified-Since", "Thu, 01 Jan 1970 00:00:10 GMT"}
          }) {
        assertThat(Http.send(verb, target, null, condition).statusCode())
            .as(verb + " " + String.join(": ", condition))
            .isEqualTo(412);
      }
    }
    for (String verb : List.of("PUT", "DELETE", "PATCH", "POST")) {
      String target = verb.equals("POST") ? url + "/increment" : url;
      assertThat(Http.send(verb, target, null, "If-None-Match", "*").statusCode()).isEqualTo(412);
      assertThat(Http.send(verb, target, null, "If-None-Match", ", " + etag).statusCode())
          .as("an empty element is none")
          .isEqualTo(412);
      assertThat(Http.send(verb, target, null, "If-None-Match", "W/" + etag).statusCode())
          .isEqualTo(412);
    }
    assertThat(Http.send("GET", url, null).body()).isEqualTo("1");
    for (String verb : List.of("GET", "HEAD")) {
      HttpResponse<String> same =
          Http.send(verb, url, null, "If-None-Match", "\"x\", W/" + etag, "If-None-Match", "\"y\"");
      assertThat(same.statusCode()).isEqualTo(304);
      assertThat(same.body()).isEmpty();
      assertThat(Entries.etag(same)).isEqualTo(etag);
      assertThat(Http.header(same, "Cache-Control")).isEqualTo("no-cache");
      String modified = Http.header(Http.send("GET", url, null), "Last-Modified");
      assertThat(Http.send(verb, url, null, "If-Modified-Since", modified).statusCode())
          .isEqualTo(304);
      assertThat(
              Http.send(verb, url, null, "If-Modified-Since", "Thu, 01 Jan 1970 00:00:10 GMT")
                  .statusCode())
          .isEqualTo(200);
      assertThat(
              Http.send(verb, url, null, "If-None-Match", "\"x\"", "If-Modified-Since", modified)
                  .statusCode())
          .isEqualTo(200);
    }
    HttpResponse<String> matched =
        Http.send("PUT", url, "2", "If-Match", "\"x\" , " + etag, "Content-Type", "text/plain");
    assertThat(matched.statusCode()).isEqualTo(204);
    assertThat(Http.send("DELETE", url, null, "If-Match", "*").statusCode()).isEqualTo(204);
    assertThat(Http.send("PUT", url, "3", "If-Match", "*").statusCode()).isEqualTo(412);
    assertThat(Http.send("GET", url, null).statusCode()).isEqualTo(404);
    assertThat(Http.send("PUT", url, "3", "If-None-Match", "*").statusCode()).isEqualTo(201);
  }

  @Test
  void putIfMatch_from64Clients_exactlyOneWins() {
    String etag = Entries.etag(Http.send("PUT", url(cluster.a), "0"));
    for (int round = 0; round < 50; round++) {
      String expected = etag;
      List<CompletableFuture<HttpResponse<String>>> puts =
          IntStream.range(0, 64)
              .mapToObj(i -> Http.sendAsync("PUT", url(node(i)), "v" + i, "If-Match", expected))
              .toList();
      List<HttpResponse<String>> answers = puts.stream().map(CompletableFuture::join).toList();
      assertThat(answers).allMatch(each -> each.statusCode() == 204 || each.statusCode() == 412);
      List<HttpResponse<String>> won =
          answers.stream().filter(each -> each.statusCode() == 204).toList();
      assertThat(won).hasSize(1);
      etag = Entries.etag(won.get(0));
    }
  }

  @Test
  void putIfNoneMatch_from64Clients_exactlyOneWins() {
    for (int round = 0; round < 50; round++) {
      String fresh = Entries.fresh("once");
      List<CompletableFuture<HttpResponse<String>>> puts =
          IntStream.range(0, 64)
              .mapToObj(
                  i -> {
                    String url = Entries.one(node(i), CACHE, fresh);
                    return Http.sendAsync("PUT", url, "v" + i, "If-None-Match", "*");
                  })
              .toList();
      List<Integer> statuses = puts.stream().map(each -> each.join().statusCode()).toList();
      assertThat(statuses).filteredOn(status -> status == 201).hasSize(1);
      assertThat(statuses).filteredOn(status -> status == 412).hasSize(63);
    }
  }

  @Test
  void increment_from64Clients_addsUp() {
    List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
    for (int round = 0; round < 20; round++) {
      List<CompletableFuture<HttpResponse<String>>> some =
          IntStream.range(0, 64)
              .mapToObj(i -> Http.sendAsync("POST", url(node(i)) + "/increment?by=3", null))
              .toList();
      some.forEach(CompletableFuture::join);
      all.addAll(some);
    }
    assertThat(all.stream().map(each -> each.join().body()).distinct()).hasSize(64 * 20);
    assertThat(Http.send("GET", url(cluster.b), null).body())
        .isEqualTo(Integer.toString(64 * 20 * 3));
  }

  @OnBothNodes
  void increment_anySize_orNoInteger(Server node) {
    String increment = url(node) + "/increment";
    assertThat(Http.send("POST", increment + "?by=-5&initial=2", null).body()).isEqualTo("-3");
    String big = "123456789012345678901234567890";
    HttpResponse<String> sum = Http.send("POST", increment + "?by=" + big, null);
    assertThat(sum.statusCode()).isEqualTo(200);
    assertThat(sum.body()).isEqualTo("123456789012345678901234567887");
    assertThat(Http.header(sum, "Content-Type")).isEqualTo("application/json");
    Http.send("PUT", url(node), "1.5");
    Entries.assertProblem(Http.send("POST", increment, null), 409, "no JSON integer");
    assertThat(Http.send("GET", url(node), null).body()).isEqualTo("1.5");
    HttpResponse<String> refused = Http.send("POST", url(node), null);
    Entries.assertProblem(refused, 405, "increment");
    assertThat(Http.header(refused, "Allow")).contains("GET", "PUT");
  }

  @OnBothNodes
  void patch_mergesIntoJson(Server node) {
    Http.send("PUT", url(node), "{\"a\":1,\"b\":{\"c\":2}}", "Content-Type", "application/json");
    HttpResponse<String> merged =
        Http.send("PATCH", url(node), "{\"a\":null,\"b\":{\"d\":3}}", "Content-Type", MERGE);
    assertThat(merged.statusCode()).isEqualTo(200);
    assertThat(merged.body()).isEqualTo("{\"b\":{\"c\":2,\"d\":3}}");
    assertThat(Http.send("GET", url(node), null).body()).isEqualTo(merged.body());
    assertThat(Entries.etag(Http.send("GET", url(node), null))).isEqualTo(Entries.etag(merged));
    HttpResponse<String> wrong =
        Http.send("PATCH", url(node), "{}", "Content-Type", "application/json");
    Entries.assertProblem(wrong, 415, MERGE);
    Entries.assertProblem(
        Http.send("PATCH", url(node), "{", "Content-Type", MERGE), 400, "not valid JSON");
    Http.send("PUT", url(node), "{}", "Content-Type", "text/plain");
    Entries.assertProblem(
        Http.send("PATCH", url(node), "{}", "Content-Type", MERGE), 415, "text/plain");
    Http.send("PUT", url(node), "{nonsense", "Content-Type", "application/json");
    Entries.assertProblem(
        Http.send("PATCH", url(node), "{}", "Content-Type", MERGE), 409, "not valid JSON");
    Http.send("DELETE", url(node), null);
    assertThat(Http.send("PATCH", url(node), "{}", "Content-Type", MERGE).statusCode())
        .isEqualTo(404);
    assertThat(Http.send("PATCH", url(node), null).statusCode()).isEqualTo(404);
  }

  @Test
  void put_aPartOfAValue_isRefused() {
    String url = url(cluster.a);
    Entries.assertProblem(
        Http.send("PUT", url, "x", "Content-Range", "bytes 0-0/2"), 400, "Content-Range");
  }

  @Test
  void options_namesTheMethods() {
    HttpResponse<String> options = Http.send("OPTIONS", url(cluster.a), null);
    assertThat(options.statusCode()).isEqualTo(204);
    assertThat(Http.header(options, "Allow").split(", *"))
        .containsExactlyInAnyOrder("GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS");
  }

  @OnBothNodes
  void range_single(Server node) {
    HttpResponse<String> put =
        Http.send("PUT", url(node), "0123456789", "Content-Type", "text/plain");
    for (String[] each :
        new String[][] {
          {"bytes=0-3", "0123", "bytes 0-3/10"},
          {"bytes=8-", "89", "bytes 8-9/10"},
          {"bytes=-3", "789", "bytes 7-9/10"},
          {"bytes=5-100", "56789", "bytes 5-9/10"},
          {"bytes=-100", "0123456789", "bytes 0-9/10"},
          {"bytes=0-18446744073709551615", "0123456789", "bytes 0-9/10"},
          {"bytes=,0-3,", "0123", "bytes 0-3/10"}
        }) {
      HttpResponse<String> part = Http.send("GET", url(node), null, "Range", each[0]);
      assertThat(part.statusCode()).isEqualTo(206);
      assertThat(part.body()).isEqualTo(each[1]);
      assertThat(Http.header(part, "Content-Range")).isEqualTo(each[2]);
      assertThat(Http.header(part, "Content-Type")).isEqualTo("text/plain");
      assertThat(Entries.etag(part)).isEqualTo(Entries.etag(put));
    }
    HttpResponse<String> none = Http.send("GET", url(node), null, "Range", "bytes=10-");
    Entries.assertProblem(none, 416, "10 bytes");
    assertThat(Http.header(none, "Content-Range")).isEqualTo("bytes */10");
    assertThat(Http.send("GET", url(node), null, "Range", "lines=1-2").body())
        .isEqualTo("0123456789");
    assertThat(Http.send("HEAD", url(node), null, "Range", "bytes=0-3").statusCode())
        .isEqualTo(200);
    for (String malformed :
        List.of("bytes=", "bytes=,", "bytes=a-b", "bytes=3-1", "bytes=-", "nonsense")) {
      Entries.assertProblem(
          Http.send("GET", url(node), null, "Range", malformed), 400, "Range", malformed);
    }
  }

  @OnBothNodes
  void range_several_areMultipart(Server node) {
    Http.send("PUT", url(node), "0123456789", "Content-Type", "text/plain");
    HttpResponse<String> parts = Http.send("GET", url(node), null, "Range", "bytes=0-1, 50-, -2");
    assertThat(parts.statusCode()).isEqualTo(206);
    String type = Http.header(parts, "Content-Type");
    assertThat(type).matches("multipart/byteranges; ?boundary=.+");
    String boundary = "--" + type.substring(type.indexOf('=') + 1).replace("\"", "");
    assertThat(parts.body())
        .isEqualTo(
            boundary
                + "\r\nContent-Type: text/plain\r\nContent-Range: bytes 0-1/10\r\n\r\n01\r\n"
                + boundary
                + "\r\nContent-Type: text/plain\r\nContent-Range: bytes 8-9/10\r\n\r\n89\r\n"
                + boundary
                + "--\r\n");
    assertThat(Http.send("GET", url(node), null, "Range", "bytes=0-9,0-9").statusCode())
        .as("more than there is")
        .isEqualTo(200);
  }

  @OnBothNodes
  void ifRange_otherForm_getsAll(Server node) {
    String etag = Entries.etag(Http.send("PUT", url(node), "0123456789"));
    String range = "bytes=0-1";
    assertThat(Http.send("GET", url(node), null, "Range", range, "If-Range", etag).body())
        .isEqualTo("01");
    for (String other : List.of("\"x\"", "W/" + etag, "Thu, 01 Jan 1970 00:00:10 GMT")) {
      HttpResponse<String> all =
          Http.send("GET", url(node), null, "Range", range, "If-Range", other);
      assertThat(all.statusCode()).isEqualTo(200);
      assertThat(all.body()).isEqualTo("0123456789");
    }
    Entries.assertProblem(
        Http.send("GET", url(node), null, "Range", range, "If-Range", "nonsense"), 400, "If-Range");
  }

  @OnBothNodes
  void acceptEncoding_gzip_compressesAboveAThreshold(Server node) throws IOException {
    byte[] large = "smache ".repeat(1000).getBytes(StandardCharsets.UTF_8);
    String url = url(node);
    String etag = Entries.etag(Http.sendBytes("PUT", url, large, "Content-Type", "text/plain"));
    HttpResponse<byte[]> gzip = Http.sendBytes("GET", url, null, "Accept-Encoding", "br, gzip");
    assertThat(Http.header(gzip, "Content-Encoding")).isEqualTo("gzip");
    assertThat(gzip.body().length).isLessThan(large.length / 10);
    assertThat(unzipped(gzip.body())).isEqualTo(large);
    assertThat(Http.header(gzip, "Vary")).isEqualTo("Accept-Encoding");
    assertThat(Entries.etag(gzip)).as("another form has another tag").isNotEqualTo(etag);
    for (String plainly : List.of("identity", "gzip;q=0", "br", "*;q=0")) {
      HttpResponse<byte[]> plain = Http.sendBytes("GET", url, null, "Accept-Encoding", plainly);
      assertThat(plain.body()).as(plainly).isEqualTo(large);
      assertThat(Http.header(plain, "Content-Encoding")).isEmpty();
    }
    assertThat(Http.send("GET", url, null, "If-None-Match", Entries.etag(gzip)).statusCode())
        .as("who does not take gzip has another form")
        .isEqualTo(200);
    for (String tag : List.of(etag, Entries.etag(gzip))) {
      HttpResponse<String> same =
          Http.send("GET", url, null, "If-None-Match", tag, "Accept-Encoding", "gzip");
      assertThat(same.statusCode()).isEqualTo(304);
      assertThat(Entries.etag(same)).as("the tag that the client has").isEqualTo(tag);
    }
    assertThat(Http.send("GET", url, null, "If-Match", Entries.etag(gzip)).statusCode())
        .as("who does not take gzip has another form")
        .isEqualTo(412);
    assertThat(Http.send("PATCH", url, null, "If-Match", Entries.etag(gzip)).statusCode())
        .as("to a write a tag of any form means the entry")
        .isEqualTo(204);
    Http.send("PUT", url, "small");
    assertThat(
            Http.header(Http.send("GET", url, null, "Accept-Encoding", "gzip"), "Content-Encoding"))
        .isEmpty();
    Http.sendBytes("PUT", url, large, "Content-Type", "image/jpeg");
    assertThat(
            Http.header(Http.send("GET", url, null, "Accept-Encoding", "gzip"), "Content-Encoding"))
        .as("compressed in itself")
        .isEmpty();
    Entries.assertProblem(
        Http.send("GET", url, null, "Accept-Encoding", "gzip;q=2"), 400, "Accept-Encoding");
  }

  @OnBothNodes
  void contentEncoding_gzip_isStoredAsSentAndDecodedOnDemand(Server node) throws IOException {
    byte[] plain = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
    byte[] sent = zipped(plain);
    String url = url(node);
    String[] headers = {"Content-Encoding", "gzip", "Content-Type", "application/json"};
    assertThat(Http.sendBytes("PUT", url, sent, headers).statusCode()).isEqualTo(201);
    HttpResponse<byte[]> same = Http.sendBytes("GET", url, null, "Accept-Encoding", "gzip");
    assertThat(same.body()).isEqualTo(sent);
    assertThat(Http.header(same, "Content-Encoding")).isEqualTo("gzip");
    HttpResponse<byte[]> decoded = Http.sendBytes("GET", url, null);
    assertThat(decoded.body()).isEqualTo(plain);
    assertThat(Http.header(decoded, "Content-Encoding")).isEmpty();
    assertThat(Http.header(decoded, "ETag")).isNotEqualTo(Http.header(same, "ETag"));
    assertThat(Http.send("PATCH", url, "{\"b\":2}", "Content-Type", MERGE).body())
        .isEqualTo("{\"a\":1,\"b\":2}");
    Entries.assertProblem(
        Http.send("PUT", url, "nonsense", "Content-Encoding", "gzip"), 400, "Content-Encoding");
    Entries.assertProblem(
        Http.send("PUT", url, "x", "Content-Encoding", "br"), 415, "gzip or identity");
    HttpResponse<byte[]> bomb =
        Http.sendBytes("PUT", url, zipped(new byte[2 << 20]), "Content-Encoding", "gzip");
    assertThat(bomb.statusCode()).isEqualTo(413);
  }

  private Server node(int i) {
    return i % 2 == 0 ? cluster.a : cluster.b;
  }

  private static byte[] zipped(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(plain);
    }
    return out.toByteArray();
  }

  private static byte[] unzipped(byte[] zipped) throws IOException {
    try (GZIPInputStream zip = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
      return zip.readAllBytes();
    }
  }
}
