package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests as bytes, which clients would tidy up: what the listener of a server makes of them
 * (docs/security.md). Each names what a client sees, and what has become of its connection.
 */
class ListenerIT {
  private static final String ENTRIES = "/api/caches/raw/entries";
  private static final String PROBE =
      "GET /healthcheck HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  private static final int MORE_THAN_THREADS = 50;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})");

  private final Cluster cluster = Cluster.shared();

  /**
   * A request and what comes of it.
   *
   * @param statuses of the answers in their order, as a pattern; the probe behind the request is
   *     answered 200 when the connection is kept
   */
  private record Case(String name, String bytes, String statuses) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** A server's listener closes the connection, the front keeps it. */
  private static final String UNDECODABLE = "400( 200)?";

  static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    cases.addAll(paths());
    cases.addAll(framing());
    cases.addAll(heads());
    return cases.stream();
  }

  private static List<Case> paths() {
    List<Case> cases = new ArrayList<>();
    for (String path : List.of("100%", "%2", "a%zz", "%%41", "x%")) {
      cases.add(put("path that decodes to nothing: " + path, ENTRIES + "/" + path, UNDECODABLE));
    }
    cases.add(get("readiness with a stray percent", "/healthcheck/ready%", UNDECODABLE));
    cases.add(put("query that decodes to nothing", ENTRIES + "?key=a%", "400( 200)?"));
    cases.add(
        put("semicolon in absolute form", "http://x" + ENTRIES + "/absolute;b", "20[14] 200"));
    cases.add(
        put("parameter behind a cache name", "/api/caches/raw;x=1/entries/a", "40[04]( 200)?"));
    cases.add(put("parameter behind a segment", "/api/caches;x/raw/entries/a", "404 200"));
    cases.add(get("parameter behind a path", "/api/cluster;x", "404 200"));
    cases.add(
        request(
            "parameter that would drop a cache",
            "DELETE",
            "/api/caches/raw;x",
            "",
            "40[014]( 200)?"));
    cases.add(request("target of OPTIONS for the server", "OPTIONS", "*", "", "20[04] 200"));
    cases.add(request("target * of another method", "GET", "*", "", "400( 200)?"));
    cases.add(request("target that is no path", "GET", "foo", "", "400( 200)?"));
    cases.add(new Case("tunnel", "CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n", "40[05]"));
    return cases;
  }

  private static List<Case> framing() {
    String smuggled = "GET /healthcheck HTTP/1.1\r\nHost: x\r\n\r\n";
    String chunked = "3\r\nabc\r\n0\r\n\r\n";
    List<Case> cases = new ArrayList<>();
    for (String coding :
        List.of("gzip, chunked", "gzip", "xchunked", "identity", "chunked, chunked")) {
      String body = Integer.toHexString(smuggled.length()) + "\r\n" + smuggled + "\r\n0\r\n\r\n";
      cases.add(body("coding " + coding, "Transfer-Encoding: " + coding, body, "400|501"));
    }
    cases.add(
        body(
            "length beside chunks",
            "Content-Length: 4\r\nTransfer-Encoding: chunked",
            chunked,
            "400"));
    cases.add(
        body(
            "chunks beside a length",
            "Transfer-Encoding: chunked\r\nContent-Length: 4",
            chunked,
            "400"));
    cases.add(
        body(
            "chunked twice",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            chunked,
            "400"));
    cases.add(body("chunked in capitals", "Transfer-Encoding: CHUNKED", chunked, "20[14] 200"));
    cases.add(
        body("size of a chunk malformed", "Transfer-Encoding: chunked", "zz\r\nabc\r\n", "(400)?"));
    for (String length : List.of("+3", "-1", "3, 3", "3x", "99999999999999999999999", "0x3")) {
      cases.add(body("length " + length, "Content-Length: " + length, "abc", "400"));
    }
    cases.add(body("two lengths", "Content-Length: 3\r\nContent-Length: 4", "abcd", "400"));
    cases.add(body("space before a colon", "Content-Length : 3", "abc", "400"));
    cases.add(
        new Case(
            "chunks in HTTP/1.0",
            "PUT "
                + ENTRIES
                + "/k HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                + chunked,
            "400"));
    cases.add(
        new Case(
            "coding of a request without a body",
            "GET /healthcheck HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\nabc",
            "501"));
    return cases;
  }

  private static List<Case> heads() {
    List<Case> cases = new ArrayList<>();
    cases.add(request("method in small letters", "delete", ENTRIES + "/k", "", "501"));
    cases.add(request("method that is unknown", "BREW", ENTRIES + "/k", "", "501"));
    cases.add(new Case("no host", "GET /healthcheck HTTP/1.1\r\n\r\n", "400"));
    cases.add(request("two hosts", "GET", "/healthcheck", "Host: y\r\n", "400"));
    cases.add(
        request(
            "bytes beyond ASCII in a field",
            "GET",
            "/healthcheck",
            "cf-ipcity: São Paulo\r\n",
            "200 200"));
    cases.add(
        request(
            "bytes beyond ASCII in a cookie",
            "GET",
            "/api?key=1",
            "Cookie: n=é; \"\r\n",
            "200 200"));
    cases.add(new Case("version of the future", "GET / HTTP/9.9\r\nHost: x\r\n\r\n", "505|400"));
    cases.add(
        request(
            "upgrade to HTTP/2",
            "GET",
            "/healthcheck",
            "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n",
            "200( 200)?"));
    cases.add(
        new Case("HTTP/2 by itself", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "(400|405|501|505)?"));
    return cases;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void request_asBytes_isAnsweredAsHttpSays(Case each) throws IOException {
    for (Server node : List.of(cluster.a, cluster.b)) {
      String answer;
      try (RawConnection connection = new RawConnection(node.url())) {
        answer = connection.exchange((each.bytes() + PROBE).getBytes(StandardCharsets.UTF_8));
      }
      assertThat(statuses(answer)).as(answer).matches(each.statuses());
      assertThat(answer).doesNotContain("500 Internal").doesNotContain("Exception");
    }
  }

  /** A server has few threads: a refusal that keeps one busy would be noticed by the last. */
  @OnBothNodes
  void refusals_withMoreBehindThem_leaveEveryThreadFree(Server node) throws IOException {
    String refused = "GET /healthcheck/ready% HTTP/1.1\r\nHost: x\r\n\r\n";
    String chunked =
        "PUT %s/k HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
            .formatted(ENTRIES);
    for (int i = 0; i < MORE_THAN_THREADS; i++) {
      for (String request :
          List.of(refused + refused + PROBE, chunked + "3\r\nabc\r\n0\r\n\r\n" + refused)) {
        try (RawConnection connection = new RawConnection(node.url())) {
          String answer = connection.exchange(request.getBytes(StandardCharsets.UTF_8));
          assertThat(statuses(answer)).as(answer).startsWith("400");
        }
      }
    }
    assertThat(Http.get(node.url() + "/healthcheck").statusCode()).isEqualTo(200);
  }

  @OnBothNodes
  void anyAnswer_saysItsDate(Server node) throws IOException {
    for (String target : List.of("/healthcheck", "/nothing", "/api?key=1", ENTRIES + "/none")) {
      assertThat(Http.header(Http.get(node.url() + target), "Date")).as(target).endsWith(" GMT");
    }
  }

  @OnBothNodes
  void continue_isSaidForAnyBody(Server node) throws IOException {
    for (String length : List.of("Content-Length: 3", "Transfer-Encoding: chunked")) {
      try (RawConnection connection = new RawConnection(node.url())) {
        connection.send(
            "PUT %s/k HTTP/1.1\r\nHost: x\r\n%s\r\nExpect: 100-continue\r\n\r\n"
                .formatted(ENTRIES, length));
        assertThat(connection.response().status()).as(length).isEqualTo("100");
        connection.send(length.endsWith("3") ? "abc" : "3\r\nabc\r\n0\r\n\r\n");
        assertThat(connection.response().status()).matches("20[14]");
      }
    }
  }

  @OnBothNodes
  void semicolon_inAKey_isACharacterAsAnyOther(Server node) throws IOException {
    for (String key :
        List.of("k;jsessionid=1", "k;GFSESSIONVERSION=1", "k;jreplica=1", "k;x", "k;", ";x", ";")) {
      String cache = Entries.fresh("semicolon");
      String path = "/api/caches/" + cache + "/entries/" + key;
      try (RawConnection connection = new RawConnection(node.url())) {
        connection.send("PUT %s HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nv".formatted(path));
        assertThat(connection.response().status()).isEqualTo("201");
      }
      assertThat(Http.get(Entries.one(cluster.b, cache, key)).body()).isEqualTo("v");
      assertThat(Http.get(Entries.one(cluster.a, cache, "k")).statusCode()).isEqualTo(404);
    }
  }

  /** Returns the statuses of all answers in their order. */
  static String statuses(String answer) {
    List<String> statuses = new ArrayList<>();
    Matcher status = STATUS.matcher(answer);
    while (status.find()) {
      statuses.add(status.group(1));
    }
    return String.join(" ", statuses);
  }

  private static Case get(String name, String target, String statuses) {
    return request(name, "GET", target, "", statuses);
  }

  private static Case put(String name, String target, String statuses) {
    return request(name, "PUT", target, "Content-Length: 0\r\n", statuses);
  }

  private static Case body(String name, String fields, String body, String statuses) {
    Case head = request(name, "PUT", ENTRIES + "/framed", fields + "\r\n", statuses);
    return new Case(name, head.bytes() + body, statuses);
  }

  private static Case request(
      String name, String method, String target, String fields, String statuses) {
    String bytes = "%s %s HTTP/1.1\r\nHost: x\r\n%s\r\n".formatted(method, target, fields);
    return new Case(name, bytes, statuses);
  }
}
