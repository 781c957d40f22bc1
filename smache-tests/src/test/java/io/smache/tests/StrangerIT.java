package io.smache.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What one stranger can hold of a node with the default heap is bounded: the node lives on, an
 * innocent client is served meanwhile, and afterwards the contract holds. How long its answers took
 * is in the log; docs/security.md has the bounds.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StrangerIT {
  /** Of what takes long a build does a tenth; {@code -Dsmache.scale=1} all. */
  private static final int SCALE = Integer.getInteger("smache.scale", 10);

  private static final int LARGE = 8 << 20;
  private static final Duration BODY = Duration.ofSeconds(150);
  private static final int THREADS = 8;

  /** The system may round up what it is told, and has sent a little. */
  private static final long MOST_UNSENT = 1 << 19;

  private final List<SocketChannel> connections = Collections.synchronizedList(new ArrayList<>());
  private Server node;
  private Innocent innocent;

  /** Its body never comes; the class takes about as long as a body may. */
  private RawConnection late;

  @BeforeAll
  void start() throws IOException {
    int port = Server.freePort();
    node =
        Server.node(
            "stranger",
            port,
            Map.of("SMACHE_SECRET", Cluster.SECRET, Server.FRONT, Integer.toString(port)));
    node.awaitAnswer("/healthcheck/ready");
    late = new RawConnection(node.url());
    late.send("PUT /api/caches/late/entries/k HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab");
  }

  @AfterAll
  void stop() throws IOException {
    try (Server ending = node;
        RawConnection unanswered = late) {
      unanswered.timeout(BODY);
      RawConnection.Response answer = unanswered.response();
      assertThat(answer.status()).isEqualTo("408");
      assertThat(answer.body()).asString(UTF_8).contains("the body was not there within");
      ending.assertUnharmed();
    }
  }

  @BeforeEach
  void begin() {
    innocent = new Innocent(node);
  }

  @AfterEach
  void end() throws IOException {
    innocent.close();
    for (SocketChannel each : connections) {
      each.close();
    }
    connections.clear();
    for (String cache : List.of("large", "small")) {
      Http.administer("DELETE", node.url() + "/api/caches/" + cache, null);
    }
    assertThatTheContractHolds();
  }

  /** What the others are to be compared with. */
  @Test
  void nobodyElse() {
    await().during(Duration.ofSeconds(4)).atMost(Duration.ofSeconds(20)).until(() -> true);
    innocent.assertServed("nobody else");
  }

  @Test
  void connections_idle() throws IOException {
    connect(10_000, i -> "");
    innocent.assertServed("10,000 idle connections");
  }

  @Test
  void uploads_aByteASecond() throws IOException {
    connect(2000, i -> upload("/api/caches/small/entries/slow" + i));
    trickle(5);
    innocent.assertServed("2,000 uploads at a byte a second");
  }

  /** Also to paths that take no body, or do not exist. */
  @Test
  void uploads_toAnyPath() throws IOException {
    List<String> paths =
        List.of("/api", "/api/cluster", "/nothing", "/healthcheck", "/internal/operations", "/");
    connect(300, i -> upload(paths.get(i % paths.size())));
    trickle(3);
    innocent.assertServed("slow uploads to paths that take none");
  }

  @Test
  void readers_thatDoNotRead() throws IOException {
    putLarge();
    connect(2000, i -> get("/api/caches/large/entries/v", ""));
    innocent.assertServed("2,000 readers that do not read");
    assertThat(mostUnsent()).isBetween(1L, MOST_UNSENT);
  }

  /** The most bytes that the system keeps of what a client of the node has not taken. */
  private long mostUnsent() throws IOException {
    String local = ":%04X ".formatted(URI.create(node.url()).getPort());
    return Files.readAllLines(Path.of("/proc/net/tcp")).stream()
        .map(line -> line.strip().split(" +", -1))
        .filter(fields -> (fields[1] + " ").endsWith(local))
        .mapToLong(fields -> Long.parseLong(fields[4].split(":", 2)[0], 16))
        .max()
        .orElse(0);
  }

  /** By forms of a request that each make bytes of their own, or take another way. */
  @Test
  void readers_ofOtherForms_thatDoNotRead() throws IOException {
    putLarge();
    String range =
        IntStream.range(0, 64)
            .mapToObj(i -> i * 100_000 + "-" + (i * 100_000 + 99_999))
            .collect(Collectors.joining(",", "Range: bytes=", "\r\n"));
    connect(
        200,
        i ->
            switch (i % 4) {
              case 0 -> get("/api/caches/large/entries?key=v", "");
              case 1 -> get("/api/caches/large/entries/v", range);
              case 2 -> get("/api?key=large", "Accept: application/json, text/html\r\n");
              default -> get("/api/caches/large/entries/v", "Range: bytes=0-8000000\r\n");
            });
    innocent.assertServed("200 readers of parts and other forms that do not read");
  }

  @Test
  void waiters() throws IOException {
    connect(15_000, i -> get("/api/caches/small/entries/none" + i % 100 + "?wait=20s", ""));
    innocent.assertServed("15,000 who wait");
  }

  @Test
  void leases_onMissingKeys() {
    hammer(1_000_000 / 50 / SCALE, i -> pipelined(50, j -> lease(i * 50 + j)));
    innocent.assertServed("leases on missing keys");
  }

  @Test
  void cacheNames() {
    for (int i = 0; i < 1000; i++) {
      Http.send("PUT", node.url() + "/api/caches/name-" + i + "/entries/k", "x");
    }
    Entries.assertProblem(
        Http.send("PUT", node.url() + "/api/caches/one-more/entries/k", "x"), 409, "cache names");
    innocent.assertServed("1,000 names of caches and the next");
  }

  @Test
  void values_tenTimesTheMemory() {
    String value = "\"" + "v".repeat(1000) + "\"";
    hammer(2300 / SCALE, i -> batch(1000, "s" + i + "-", "\"value\":" + value));
    byte[] large = new byte[LARGE];
    for (int i = 0; i < 290; i++) {
      put("/api/caches/large/entries/v" + i, large);
    }
    innocent.assertServed("ten times the memory in values of 1 KB and 8 MB");
  }

  @Test
  void entries_ofAMillisecond() {
    hammer(300, i -> batch(1000, "m" + i + "-", "\"value\":1,\"ttl\":\"1ms\""));
    innocent.assertServed("300,000 entries of a millisecond");
  }

  @Test
  void invalidations_ofManyPrefixesAndGroups() {
    String prefix = "p".repeat(7000);
    hammer(
        50_000 / 50 / SCALE,
        i -> pipelined(50, j -> invalidate("prefix=" + prefix + (i * 50 + j))));
    hammer(200_000 / 50 / SCALE, i -> pipelined(50, j -> invalidate("prefix=q" + (i * 50 + j))));
    hammer(200_000 / 50 / SCALE, i -> pipelined(50, j -> invalidate("group=g" + (i * 50 + j))));
    innocent.assertServed("invalidations");
  }

  @Test
  void gzipBombs_onEveryPathThatDecodes() throws IOException {
    byte[] bomb = gzip(new byte[200 << 20]);
    hammer(
        50,
        50,
        i -> {
          String method = i % 2 == 0 ? "PUT" : "PATCH";
          String url = node.url() + "/api/caches/small/entries/bomb" + i;
          String[] fields = {
            "Content-Encoding", "gzip", "Content-Type", "application/merge-patch+json"
          };
          assertThat(Http.sendBytes(method, url, bomb, fields).statusCode()).isEqualTo(413);
        });
    innocent.assertServed("50 gzip bombs of 200 MB");
  }

  /** As large as a value may be, kept in 8 KB, and decoded for each client. */
  @Test
  void gzipValues_decodedForManyAtOnce() throws IOException {
    byte[] small = gzip(new byte[LARGE]);
    String url = node.url() + "/api/caches/small/entries";
    Http.sendBytes("PUT", url + "/zeros", small, "Content-Encoding", "gzip");
    hammer(
        50,
        200,
        i -> {
          HttpResponse<byte[]> read =
              switch (i % 3) {
                case 0 -> Http.sendBytes("GET", url + "/zeros", null);
                case 1 -> Http.sendBytes("GET", url + "?key=zeros", null);
                default -> Http.sendBytes("GET", url + "/zeros", null, "Range", "bytes=5-8000000");
              };
          assertThat(read.statusCode()).isIn(200, 206, 503);
        });
    innocent.assertServed("gzip values decoded for 50 clients at once");
  }

  @Test
  void json_nestedDeeply() {
    String url = node.url() + "/api/caches/small/entries/deep";
    String deep = "{\"a\":".repeat(900) + "1" + "}".repeat(900);
    String[] json = {"Content-Type", "application/json"};
    String[] patch = {"Content-Type", "application/merge-patch+json"};
    assertThat(Http.send("PUT", url, deep, json).statusCode()).isEqualTo(201);
    assertThat(Http.send("PATCH", url, deep.replace("1", "2"), patch).body()).contains("2");
    String tooDeep = "{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000);
    assertThat(Http.send("PATCH", url, tooDeep, patch).statusCode()).isEqualTo(400);
    Entries.assertProblem(
        Http.post(node.url(), "{\"key\":\"deep\",\"data\":" + tooDeep + "}"), 400, "JSON");
    innocent.assertServed("JSON nested deeply");
  }

  @Test
  void lists_ofAMillionEntries() throws Exception {
    hammer(700, i -> batch(1000, "l" + i + "-", "\"value\":1"));
    ExecutorService readers = Executors.newFixedThreadPool(20);
    List<Future<?>> lists = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      lists.add(readers.submit(() -> assertPages(10)));
    }
    for (Future<?> each : lists) {
      each.get();
    }
    readers.shutdown();
    innocent.assertServed("lists of 700,000 entries by 20 clients");
  }

  private void assertPages(int pages) {
    String cursor = "";
    for (int i = 0; i < pages; i++) {
      HttpResponse<String> page =
          Http.send("GET", node.url() + "/api/caches/small/entries?limit=1000" + cursor, null);
      assertThat(page.statusCode()).isIn(200, 503);
      if (page.statusCode() == 200) {
        cursor = "&cursor=" + Http.json(page).get("cursor").textValue();
      }
    }
  }

  private void assertThatTheContractHolds() {
    node.awaitAnswer("/healthcheck/ready");
    String url = node.url() + "/api/caches/innocent/entries/after";
    assertThat(Http.send("PUT", url, "1").statusCode()).isIn(201, 204);
    HttpResponse<String> found = Http.get(url);
    assertThat(found.body()).isEqualTo("1");
    String tag = Entries.etag(found);
    assertThat(Http.send("GET", url, null, "If-None-Match", tag).statusCode()).isEqualTo(304);
    assertThat(Http.send("POST", url + "/increment", null).body()).isEqualTo("2");
    assertThat(Http.send("DELETE", url, null).statusCode()).isEqualTo(204);
    assertThat(Http.get(url).statusCode()).isEqualTo(404);
  }

  private void putLarge() {
    put("/api/caches/large/entries/v", new byte[LARGE]);
    String json = "{\"key\":\"large\",\"data\":\"" + "x".repeat(4_000_000) + "\"}";
    assertThat(Http.post(node.url(), json).statusCode()).isEqualTo(200);
  }

  private void put(String path, byte[] value) {
    assertThat(Http.sendBytes("PUT", node.url() + path, value).statusCode()).isIn(201, 204);
  }

  private void batch(int items, String prefix, String members) {
    String body =
        IntStream.range(0, items)
            .mapToObj(i -> "{\"op\":\"put\",\"key\":\"%s%d\",%s}".formatted(prefix, i, members))
            .collect(Collectors.joining(",", "[", "]"));
    String[] json = {"Content-Type", "application/json"};
    assertThat(Http.send("POST", node.url() + "/api/caches/small/batch", body, json).statusCode())
        .isEqualTo(200);
  }

  /** Does something from many threads at a time. */
  private static void hammer(int times, IntConsumer work) {
    hammer(THREADS, times, work);
  }

  private static void hammer(int clients, int times, IntConsumer work) {
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    List<Future<?>> all =
        IntStream.range(0, times)
            .<Future<?>>mapToObj(i -> threads.submit(() -> work.accept(i)))
            .toList();
    try {
      for (Future<?> each : all) {
        each.get();
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    } finally {
      threads.shutdownNow();
    }
  }

  /** Sends many requests on one connection and waits for all answers. */
  private void pipelined(int requests, IntFunction<String> request) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < requests; i++) {
      String each = request.apply(i);
      all.append(i < requests - 1 ? each : each.replace("Host: x", "Connection: close\r\nHost: x"));
    }
    try (RawConnection connection = new RawConnection(node.url())) {
      assertThat(connection.exchange(all.toString().getBytes(UTF_8))).startsWith("HTTP/1.1 ");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String lease(int number) {
    return get("/api/caches/small/entries/leased" + number + "?lease=60s", "");
  }

  private static String invalidate(String query) {
    return "DELETE /api/caches/small/entries?%s HTTP/1.1\r\nHost: x\r\n\r\n".formatted(query);
  }

  private static String get(String target, String fields) {
    return "GET %s HTTP/1.1\r\nHost: x\r\n%s\r\n".formatted(target, fields);
  }

  private static String upload(String path) {
    return "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{"
        .formatted(path)
        .replace("POST /api/caches", "PUT /api/caches");
  }

  private void connect(int number, IntFunction<String> first) throws IOException {
    URI uri = URI.create(node.url());
    InetSocketAddress address = new InetSocketAddress(uri.getHost(), uri.getPort());
    for (int i = 0; i < number; i++) {
      SocketChannel channel = SocketChannel.open();
      channel.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
      channel.connect(address);
      channel.write(ByteBuffer.wrap(first.apply(i).getBytes(UTF_8)));
      connections.add(channel);
    }
  }

  /** One byte more on each connection, so many times; some may have been refused. */
  private void trickle(int times) {
    for (int i = 0; i < times; i++) {
      for (SocketChannel each : connections) {
        try {
          each.write(ByteBuffer.wrap(new byte[] {' '}));
        } catch (IOException e) {
          // refused and closed: that is one way to bound them
        }
      }
    }
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream encoding = new GZIPOutputStream(out)) {
      encoding.write(plain);
    }
    return out.toByteArray();
  }
}
