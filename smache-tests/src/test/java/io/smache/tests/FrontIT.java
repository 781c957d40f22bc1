package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What only the node's own listener does, or does more strictly than a server's (docs/protocol.md).
 * What both do is in {@link ListenerIT} and {@link DoorsIT}.
 */
class FrontIT {
  private static final String ENTRIES = "/api/caches/front/entries";
  private static final String PROBE =
      "GET /healthcheck HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

  private final Cluster cluster = Cluster.shared();

  /**
   * A request as bytes, and the statuses of all answers on its connection, as a pattern. A probe
   * behind it is answered 200 when the connection is kept.
   */
  private record Case(String name, String bytes, String statuses) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    cases.addAll(lines());
    cases.addAll(heads());
    cases.addAll(targets());
    cases.addAll(bodies());
    return cases.stream();
  }

  private static List<Case> lines() {
    return List.of(
        new Case(
            "empty lines before",
            "\r\n\r\nGET /healthcheck HTTP/1.1\r\nHost: x\r\n\r\n",
            "200 200"),
        new Case("LF alone", "GET /healthcheck HTTP/1.1\nHost: x\n\n", "400"),
        new Case("LF alone behind a field", "GET /healthcheck HTTP/1.1\r\nHost: x\n\r\n", "400"),
        new Case("CR alone", "GET /healthcheck HTTP/1.1\rHost: x\r\n\r\n", "400"),
        new Case("two spaces", "GET  /healthcheck HTTP/1.1\r\nHost: x\r\n\r\n", "400"),
        new Case("tab in the line", "GET\t/healthcheck HTTP/1.1\r\nHost: x\r\n\r\n", "400"),
        new Case("no version", "GET /healthcheck\r\nHost: x\r\n\r\n", "400"),
        new Case("version in small letters", "GET /healthcheck http/1.1\r\nHost: x\r\n\r\n", "400"),
        new Case("version 1.2", "GET /healthcheck HTTP/1.2\r\nHost: x\r\n\r\n", "200 200"),
        new Case("version 2.0", "GET /healthcheck HTTP/2.0\r\nHost: x\r\n\r\n", "505"),
        new Case("version 0.9", "GET /healthcheck HTTP/0.9\r\nHost: x\r\n\r\n", "505"),
        new Case("no method", " /healthcheck HTTP/1.1\r\nHost: x\r\n\r\n", "400"),
        new Case("method with a bracket", "G[T / HTTP/1.1\r\nHost: x\r\n\r\n", "400"),
        new Case("TLS", "\u0016\u0003\u0001\u0000\u00a5\u0001\r\n\r\n", "400"),
        new Case(
            "line too long", "GET /" + "x".repeat(40_000) + " HTTP/1.1\r\nHost: x\r\n\r\n", "414"),
        new Case("fields too long", head("GET", "/healthcheck", "A: b\r\n".repeat(20_000)), "431"),
        new Case("1.0", "GET /healthcheck HTTP/1.0\r\n\r\n", "200"),
        new Case(
            "1.0 kept", "GET /healthcheck HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "200 200"));
  }

  private static List<Case> heads() {
    List<Case> cases = new ArrayList<>();
    for (String field :
        List.of(
            "A : b",
            "A\t: b",
            " A: b",
            "A: b\r\n folded",
            "A: b\r\n\tfolded",
            "A: \u0000",
            "A: \u0001",
            "A: \u007f",
            "A\u0000: b",
            ": b",
            "no colon",
            "A(: b",
            "\u00e4: b",
            "Host: y",
            "Content-Length: 1\r\nContent-Length: 1",
            "Content-Length: 1, 1",
            "Content-Length: 1 ,",
            "Content-Length:",
            "Content-Length: \u0661",
            "Content-Length: 1\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked")) {
      cases.add(new Case("field " + field, head("PUT", ENTRIES + "/k", field + "\r\n"), "400"));
    }
    cases.add(new Case("expectation", head("GET", "/healthcheck", "Expect: tea\r\n"), "417"));
    cases.add(new Case("host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "400"));
    cases.add(new Case("host empty", "GET /healthcheck HTTP/1.1\r\nHost:\r\n\r\n", "200 200"));
    cases.add(
        new Case("name in any case", head("GET", "/healthcheck", "cOnNeCtIoN: ClOsE\r\n"), "200"));
    cases.add(new Case("empty value", head("GET", "/healthcheck", "A:\r\nB: \t \r\n"), "200 200"));
    return cases;
  }

  private static List<Case> targets() {
    List<Case> cases = new ArrayList<>();
    for (String target :
        List.of(
            "http://other:1/healthcheck",
            "HTTP://x/healthcheck",
            "http://x",
            "http://x?a=b",
            "/")) {
      cases.add(new Case("target " + target, head("GET", target, ""), "200 200"));
    }
    for (String target : List.of("//healthcheck", "/healthcheck/.", "http://x/a")) {
      cases.add(new Case("target " + target, head("GET", target, ""), "404 200"));
    }
    for (String target : List.of("healthcheck", "ftp://x/", "*", "/a#b", "/\u00e4", "x:80")) {
      cases.add(new Case("target " + target, head("GET", target, ""), "400"));
    }
    for (String key :
        List.of("%00", "%5C", "a//b", "/a", ".", "..", "a/../b", "a;b", "%C3%A4", "%25")) {
      String write =
          "PUT " + ENTRIES + "/" + key + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nv";
      String read = "GET " + ENTRIES + "/" + key + " HTTP/1.1\r\nHost: x\r\n\r\n";
      cases.add(new Case("key " + key, write + read, "20[14] 200 200"));
    }
    String longest = "%41".repeat(8192);
    cases.add(new Case("longest key", head("PUT", ENTRIES + "/" + longest, ""), "20[14] 200"));
    cases.add(new Case("key too long", head("PUT", ENTRIES + "/" + longest + "a", ""), "414 200"));
    return cases;
  }

  private static List<Case> bodies() {
    List<Case> cases = new ArrayList<>();
    for (String body :
        List.of(
            "3\r\nabc\r\n0\r\n\r\n",
            "3;x=y\r\nabc\r\n0\r\n\r\n",
            "03\r\nabc\r\n00\r\nTrailer: x\r\n\r\n",
            "1\r\na\r\n2\r\nbc\r\n0\r\n\r\n",
            "A\r\n0123456789\r\n0\r\n\r\n")) {
      cases.add(new Case("chunks " + body, chunked(body), "20[14] 200"));
    }
    for (String body :
        List.of(
            "3\nabc\r\n0\r\n\r\n",
            "3\r\nabcd\r\n0\r\n\r\n",
            "4\r\nabc\r\n0\r\n\r\n",
            "3\r\nabc0\r\n\r\n",
            "0x3\r\nabc\r\n0\r\n\r\n",
            " 3\r\nabc\r\n0\r\n\r\n",
            "3 \r\nabc\r\n0\r\n\r\n",
            "-1\r\n\r\n",
            "fffffffff\r\nabc\r\n0\r\n\r\n",
            "3\r\nabc\r\n0\r\nTrailer: x\n\r\n",
            "\r\n")) {
      cases.add(new Case("chunks " + body, chunked(body), "400"));
    }
    cases.add(
        new Case(
            "body of a GET",
            head("GET", "/api?key=1", "Content-Length: 3\r\n") + "abc",
            "200 200"));
    cases.add(
        new Case(
            "body announced too long",
            head("PUT", ENTRIES + "/k", "Content-Length: 99999999\r\nExpect: 100-continue\r\n"),
            "413"));
    cases.add(
        new Case(
            "body where none is taken",
            head("POST", "/healthcheck", "Content-Length: 3\r\n") + "abc",
            "405"));
    return cases;
  }

  private static String head(String method, String target, String fields) {
    return "%s %s HTTP/1.1\r\nHost: x\r\n%s\r\n".formatted(method, target, fields);
  }

  private static String chunked(String body) {
    return head("PUT", ENTRIES + "/chunked", "Transfer-Encoding: chunked\r\n") + body;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void request_asBytes_isAnsweredAsHttpSays(Case each) throws IOException {
    byte[] bytes = (each.bytes() + PROBE).getBytes(StandardCharsets.ISO_8859_1);
    String answer;
    try (RawConnection connection = new RawConnection(cluster.a.url())) {
      answer = connection.exchange(bytes);
    }
    assertThat(ListenerIT.statuses(answer)).as(answer).matches(each.statuses());
    assertThat(answer).doesNotContain("500 Internal");
  }

  @Test
  void requests_byteByByte_areAnsweredAsAtOnce() throws IOException {
    String request =
        chunked("3\r\nabc\r\n4;x\r\ndefg\r\n0\r\nA: b\r\n\r\n")
            + head("GET", ENTRIES + "/chunked", "")
            + PROBE;
    try (RawConnection connection = new RawConnection(cluster.a.url())) {
      for (int i = 0; i < request.length(); i++) {
        connection.send(request.substring(i, i + 1));
      }
      String answer = connection.exchange(new byte[0]);
      assertThat(ListenerIT.statuses(answer)).matches("20[14] 200 200");
      assertThat(answer).contains("\r\n\r\nabcdefg");
    }
  }

  /** Keys of both nodes, and of what other threads answer: each kind takes another time. */
  @Test
  void requests_pipelined_areAnsweredInTheirOrder() throws IOException {
    int count = 600;
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < count; i++) {
      String url = ENTRIES + "/pipelined-" + i;
      Http.send("PUT", cluster.a.url() + url, "value " + i + ".");
      requests.append(i % 50 == 7 ? head("GET", "/api/caches", "") : head("GET", url, ""));
    }
    String answer;
    try (RawConnection connection = new RawConnection(cluster.a.url())) {
      answer = connection.exchange((requests + PROBE).getBytes(StandardCharsets.ISO_8859_1));
    }
    int at = 0;
    for (int i = 0; i < count; i++) {
      at = answer.indexOf(i % 50 == 7 ? "{\"caches\":[" : "value " + i + ".", at);
      assertThat(at).as("answer " + i).isPositive();
    }
  }

  @Test
  void writesAndReads_pipelined_seeEachOther() throws IOException {
    StringBuilder requests = new StringBuilder();
    int rounds = 40;
    for (int i = 0; i < rounds; i++) {
      String url = ENTRIES + "/seen-" + i % 4;
      String body = "round " + i + ".";
      requests
          .append(head("PUT", url, "Content-Length: " + body.length() + "\r\n"))
          .append(body)
          .append(head("GET", url, ""))
          .append(head("DELETE", url, ""))
          .append(head("GET", url, ""));
    }
    String answer;
    try (RawConnection connection = new RawConnection(cluster.a.url())) {
      answer = connection.exchange((requests + PROBE).getBytes(StandardCharsets.ISO_8859_1));
    }
    String one = "201 200 204 404 ";
    assertThat(ListenerIT.statuses(answer)).isEqualTo(one.repeat(rounds) + "200");
    IntStream.range(0, rounds)
        .forEach(i -> assertThat(answer).contains("\r\n\r\nround " + i + "."));
  }

  /**
   * A client that never reads is not read from either: the node keeps a bounded number of bytes.
   */
  @Test
  void pipelinerThatDoesNotRead_isHeldBackAndHarmsNobody() throws Exception {
    Http.send("PUT", cluster.a.url() + ENTRIES + "/large", "x".repeat(100_000));
    String cookie = "Cookie: " + "x".repeat(300) + "\r\n";
    byte[] request = head("GET", ENTRIES + "/large", cookie).getBytes(StandardCharsets.ISO_8859_1);
    URI uri = URI.create(cluster.a.url());
    Thread sender;
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      sender = new Thread(() -> sendAgainAndAgain(socket, request));
      sender.start();
      await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(20)).until(sender::isAlive);
      assertThat(Http.get(cluster.a.url() + "/healthcheck").statusCode()).isEqualTo(200);
    }
    sender.join();
    cluster.a.assertUnharmed();
  }

  private static void sendAgainAndAgain(Socket socket, byte[] request) {
    try {
      OutputStream out = socket.getOutputStream();
      for (int i = 0; i < 100_000; i++) {
        out.write(request);
      }
    } catch (IOException e) {
      // The test has ended.
    }
  }

  @Test
  void clientThatGoes_inAnyPhase_leavesNothingBehind() throws IOException {
    String whole =
        chunked("3\r\nabc\r\n0\r\n\r\n")
            + head("PUT", ENTRIES + "/gone", "Content-Length: 5\r\n")
            + "value"
            + head("GET", ENTRIES + "/large", "")
            + head(
                "POST",
                "/api/caches/front/batch",
                "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n")
            + "1e\r\n{\"op\":\"get\",\"key\":\"large\"}   \n\r\n";
    for (int i = 1; i <= whole.length(); i += 3) {
      try (RawConnection connection = new RawConnection(cluster.a.url())) {
        connection.send(whole.substring(0, i));
      }
    }
    assertThat(Http.get(cluster.a.url() + "/healthcheck").statusCode()).isEqualTo(200);
    assertThat(cluster.a.log()).doesNotContain("LEAK").doesNotContain("a connection failed");
  }

  @Test
  void head_thatComesSlowly_is408() throws IOException {
    try (RawConnection connection = new RawConnection(cluster.a.url())) {
      connection.send("GET /healthcheck HTTP/1.1\r\nHost:");
      RawConnection.Response answer = connection.response();
      assertThat(answer.status()).isEqualTo("408");
      assertThat(answer.body()).asString(StandardCharsets.UTF_8).contains("the head was not there");
    }
  }

  @Test
  void connections_beyondTheMost_are503AndTheOthersLive() throws IOException {
    int port = Server.freePort();
    Map<String, String> settings =
        Map.of(Server.FRONT, Integer.toString(port), "SMACHE_CONNECTIONS", "10");
    try (Server node = Server.node("few", port, settings)) {
      node.awaitLog("front");
      node.awaitAnswer("/healthcheck/ready");
      List<RawConnection> open = new ArrayList<>();
      try {
        for (int i = 0; i < 9; i++) {
          RawConnection connection = new RawConnection(node.url());
          connection.send("GET /healthcheck HTTP/1.1\r\nHost: x\r\n\r\n");
          assertThat(connection.response().status()).isEqualTo("200");
          open.add(connection);
        }
        RawConnection tenth = new RawConnection(node.url());
        open.add(tenth);
        await()
            .until(
                () -> {
                  try (RawConnection beyond = new RawConnection(node.url())) {
                    return beyond.response().status().equals("503");
                  }
                });
        open.get(0).send(PROBE);
        assertThat(open.get(0).response().status()).isEqualTo("200");
      } finally {
        for (RawConnection each : open) {
          each.close();
        }
      }
      assertThat(node.log()).doesNotContain("a connection failed");
    }
  }
}
