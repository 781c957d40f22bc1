package io.smache.node.front;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.smache.node.api.LoneApi;
import io.smache.node.cache.LoneNode;
import io.smache.protocol.ClusterSecret;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections over the real API, without sockets. */
class ConnectionTest {
  private static final int VALUE_LIMIT = 1 << 20;
  private static final String DATE = "(?m)^Date: .*\r\n";
  private static final String TAG = "(?m)^ETag: .*\r\n|^Last-Modified: .*\r\n";

  private final ExecutorService heavy = Executors.newSingleThreadExecutor();
  private LoneNode node = new LoneNode(ClusterSecret.NONE, VALUE_LIMIT).start();
  private Work work = new Work(LoneApi.of(node, VALUE_LIMIT), heavy, Thread::new);

  @AfterEach
  void end() {
    heavy.shutdown();
  }

  private static String put(String key, String value) {
    return "PUT /api/caches/c/entries/%s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(key, value.length(), value);
  }

  private static String get(String target) {
    return "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n";
  }

  private static String entry(String key) {
    return "/api/caches/c/entries/" + key;
  }

  private EmbeddedChannel open() {
    EmbeddedChannel channel = new EmbeddedChannel();
    Watch watch = new Watch(channel.eventLoop());
    channel.pipeline().addLast(new Connection(work, new Courtesy(Runnable::run), watch));
    channel.pipeline().fireChannelActive();
    return channel;
  }

  /** Passes bytes on, and asserts that they are released. */
  private static void receive(EmbeddedChannel channel, String bytes) {
    ByteBuf received = channel.alloc().buffer().writeBytes(bytes.getBytes(ISO_8859_1));
    channel.writeInbound(received);
    assertThat(received.refCnt()).isZero();
  }

  private static String sent(EmbeddedChannel channel) {
    StringBuilder sent = new StringBuilder();
    ByteBuf next = channel.readOutbound();
    while (next != null) {
      sent.append(next.toString(ISO_8859_1));
      next.release();
      next = channel.readOutbound();
    }
    return sent.toString();
  }

  /** Returns what is sent once it contains a text. */
  private static String sent(EmbeddedChannel channel, String text) {
    StringBuilder sent = new StringBuilder();
    await()
        .until(
            () -> {
              channel.runPendingTasks();
              return sent.append(sent(channel)).indexOf(text) >= 0;
            });
    return sent.toString();
  }

  @Test
  void requests_cutAnywhere_areAnsweredTheSame() {
    String requests =
        put("a", "1")
            + get(entry("a"))
            + "PUT /api/caches/c/entries/b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3\r\nabc\r\n5;x\r\ndefgh\r\n0\r\nT: u\r\n\r\n"
            + "\r\n"
            + get(entry("b"))
            + put("c", "x".repeat(5000))
            + "HEAD /api/caches/c/entries/c HTTP/1.1\r\nHost: x\r\n\r\n"
            + get(entry("none"))
            + "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"
            + "DELETE /api/caches/c/entries/b HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
            + get(entry("b"))
            + put("a", "2")
            + "GET / HTTP/1.1\r\n\r\n"
            + get(entry("a"));
    String expected = answer(requests, requests.length());
    assertThat(expected).contains("\r\n\r\nabcdefgh").contains("Host is missing");
    assertThat(expected.split("HTTP/1\\.1 [0-9]", -1)).hasSize(13);
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      node = new LoneNode(ClusterSecret.NONE, VALUE_LIMIT).start();
      work = new Work(LoneApi.of(node, VALUE_LIMIT), heavy, Thread::new);
      int most = 1 + random.nextInt(1 << random.nextInt(13));
      assertThat(answer(requests, most)).as("at most " + most + " bytes").isEqualTo(expected);
    }
  }

  private String answer(String requests, int most) {
    Random random = new Random(most);
    EmbeddedChannel channel = open();
    StringBuilder sent = new StringBuilder();
    int at = 0;
    while (at < requests.length()) {
      int end = Math.min(requests.length(), at + 1 + random.nextInt(most));
      if (channel.isOpen()) {
        receive(channel, requests.substring(at, end));
      }
      sent.append(sent(channel));
      at = end;
    }
    channel.finishAndReleaseAll();
    return sent.toString().replaceAll(DATE, "").replaceAll(TAG, "");
  }

  @Test
  void value_large_isSentWhole() {
    EmbeddedChannel channel = open();
    String value = "0123456789".repeat(10_000) + "END";
    receive(channel, put("large", value) + get(entry("large")));
    assertThat(sent(channel, "END")).endsWith("\r\n\r\n" + value);
    channel.finishAndReleaseAll();
  }

  @Test
  void batch_onAnotherThread_isAnsweredBeforeWhatIsBehindIt() {
    EmbeddedChannel channel = open();
    String items = "[{\"op\":\"put\",\"key\":\"k\",\"value\":7}]";
    String batch =
        "POST /api/caches/c/batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + "Content-Length: %d\r\n\r\n%s".formatted(items.length(), items);
    receive(channel, batch + get(entry("k")) + batch + get(entry("k")) + get("/nothing"));
    String sent = sent(channel, "nothing at this path");
    assertThat(sent).containsSubsequence("201", "\r\n\r\n7HTTP", "204", "\r\n\r\n7HTTP", "404");
    channel.finishAndReleaseAll();
  }

  @Test
  void lines_areAnsweredWhileTheyCome() {
    EmbeddedChannel channel = open();
    String fields = "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n";
    receive(channel, "POST /api/caches/c/batch HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n");
    String line = "{\"op\":\"put\",\"key\":\"k\",\"value\":7}\n";
    String chunk = Integer.toHexString(line.length()) + "\r\n" + line + "\r\n";
    receive(channel, chunk);
    assertThat(sent(channel, "201")).contains("Transfer-Encoding: chunked");
    receive(channel, chunk);
    sent(channel, "204");
    receive(channel, "0\r\n\r\n" + get(entry("k")));
    assertThat(sent(channel, "\r\n\r\n7")).startsWith("0\r\n\r\nHTTP/1.1 200");
    channel.finishAndReleaseAll();
  }

  /** The exchange may come to its end before it hears that nobody reads it. */
  @Test
  void lines_whoseClientGoes_endWithoutAnError() {
    CompletableFuture<Runnable> ending = new CompletableFuture<>();
    work =
        new Work(
            LoneApi.of(node, VALUE_LIMIT), heavy, task -> new Thread(() -> ending.complete(task)));
    EmbeddedChannel channel = open();
    String fields = "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n";
    receive(channel, "POST /api/caches/c/batch HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n0\r\n\r\n");
    channel.runPendingTasks();
    Runnable exchange = ending.join();
    channel.close().syncUninterruptibly();
    exchange.run();
    channel.runPendingTasks();
    channel.checkException();
  }

  @Test
  void body_whoseClientGoes_givesItsMemoryBack() {
    long all = Runtime.getRuntime().maxMemory() / 8;
    EmbeddedChannel channel = open();
    receive(channel, put("gone", "x".repeat(500_000)).substring(0, 400_000));
    assertThat(work.bodies().begin().grow(all)).isFalse();
    channel.close().syncUninterruptibly();
    assertThat(work.bodies().begin().grow(all)).isTrue();
  }

  @Test
  void continue_comesBehindTheRepliesBeforeIt() {
    EmbeddedChannel channel = open();
    String announced = put("k", "v").replace("Host: x", "Host: x\r\nExpect: 100-continue");
    receive(channel, get("/nothing") + announced.substring(0, announced.length() - 1));
    assertThat(sent(channel, "HTTP/1.1 100 Continue")).contains("404 Not Found");
    receive(channel, "v");
    assertThat(sent(channel, "201")).startsWith("HTTP/1.1 201");
    channel.finishAndReleaseAll();
  }

  @Test
  void leave_closesWhatWaitsAndLetsTheOthersFinish() {
    EmbeddedChannel idle = open();
    EmbeddedChannel busy = open();
    receive(busy, put("late", "value").substring(0, 70));
    work.leave();
    idle.pipeline().fireUserEventTriggered(Connection.LEAVE);
    busy.pipeline().fireUserEventTriggered(Connection.LEAVE);
    assertThat(idle.isOpen()).isFalse();
    assertThat(busy.isOpen()).isTrue();
    receive(busy, put("late", "value").substring(70));
    assertThat(sent(busy)).startsWith("HTTP/1.1 201").contains("Connection: close");
    assertThat(busy.isOpen()).isFalse();
  }

  @Test
  void refusal_isReadBeforeTheConnectionEnds() {
    EmbeddedChannel channel = open();
    receive(channel, put("k", "v").replace("Host: x", "Host : x"));
    assertThat(sent(channel)).startsWith("HTTP/1.1 400").contains("Connection: close");
    assertThat(channel.isOpen()).isTrue();
    channel.writeInbound(Unpooled.wrappedBuffer(get(entry("k")).getBytes(ISO_8859_1)));
    assertThat(sent(channel)).isEmpty();
    channel.finishAndReleaseAll();
  }
}
