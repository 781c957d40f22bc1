package io.smache.node.cluster.link;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.pool.AbstractChannelPoolHandler;
import io.smache.node.runtime.EventLoops;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client against a peer that says what each test wants, byte by byte. */
class PooledClientTest {
  private static final long ROOM = Long.MAX_VALUE;
  private static final String NOTHING = "";

  private static final EventLoops loops = new EventLoops(1, Thread::new);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private ServerSocket listener;
  private PooledClient client;

  /** What the peer answers to each request; after an empty text it says nothing more. */
  private volatile String answer = NOTHING;

  @BeforeEach
  void start() throws Exception {
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::listen);
    client = new PooledClient(loops, threads, SSLContext.getDefault());
  }

  @AfterEach
  void stop() throws IOException {
    listener.close();
    threads.shutdownNow();
  }

  @AfterAll
  static void end() {
    loops.stop();
  }

  private void listen() {
    try {
      while (true) {
        Socket socket = listener.accept();
        connections.incrementAndGet();
        threads.execute(() -> serve(socket));
      }
    } catch (IOException e) {
      // the test has ended
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      String request = read(socket.getInputStream());
      while (!request.isEmpty()) {
        String reply = answer;
        heard.add(request);
        socket.getOutputStream().write(reply.getBytes(ISO_8859_1));
        if (reply.contains(": close")) {
          return;
        }
        request = read(socket.getInputStream());
      }
    } catch (IOException e) {
      // the client has gone
    }
  }

  /** Reads a head, and the body that it announces; returns an empty text at the end. */
  private static String read(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return NOTHING;
      }
      head.append((char) next);
    }
    int at = head.indexOf("content-length: ");
    int length = at < 0 ? 0 : Integer.parseInt(head.substring(at + 16, head.indexOf("\r\n", at)));
    return head + new String(in.readNBytes(length), ISO_8859_1);
  }

  private CompletableFuture<PeerReply> send(String body, Duration timeout, long room) {
    URI url = URI.create("http://127.0.0.1:%d/base/x?y=%%20".formatted(listener.getLocalPort()));
    byte[] bytes = body.isEmpty() ? null : body.getBytes(ISO_8859_1);
    return client.send(
        new PeerCall(url, Map.of("Smache-Epoch", "7"), bytes, timeout, more -> more <= room));
  }

  private PeerReply reply(String body) throws Exception {
    return send(body, Duration.ofSeconds(30), ROOM).get(60, TimeUnit.SECONDS);
  }

  private static String text(PeerReply reply) {
    return reply.body() == null ? "no room" : new String(reply.body(), ISO_8859_1);
  }

  @Test
  void post_isSentWithItsFieldsAndBody() throws Exception {
    answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    PeerReply reply = reply("hello");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(text(reply)).isEqualTo("ok");
    assertThat(heard.get(0))
        .startsWith("POST /base/x?y=%20 HTTP/1.1\r\n")
        .containsIgnoringCase("\r\nhost: 127.0.0.1:" + listener.getLocalPort() + "\r\n")
        .contains("\r\nSmache-Epoch: 7\r\n")
        .endsWith("\r\n\r\nhello");
  }

  @Test
  void get_hasNoBody() throws Exception {
    answer = "HTTP/1.1 204 No Content\r\n\r\n";
    assertThat(reply(NOTHING).status()).isEqualTo(204);
    assertThat(heard.get(0)).startsWith("GET ").doesNotContainIgnoringCase("content-length");
  }

  @Test
  void calls_oneAfterTheOther_useOneConnection() throws Exception {
    answer = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";
    for (int i = 0; i < 100; i++) {
      assertThat(text(reply("call " + i))).isEqualTo("x");
    }
    assertThat(connections).hasValue(1);
    assertThat(heard).hasSize(100);
  }

  @Test
  void calls_atATime_haveConnectionsOfTheirOwn() throws Exception {
    CompletableFuture<PeerReply> silent = send("silent", Duration.ofSeconds(30), ROOM);
    while (heard.isEmpty()) {
      Thread.onSpinWait();
    }
    answer = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";
    assertThat(text(reply("other"))).isEqualTo("x");
    assertThat(silent).isNotDone();
    assertThat(connections).hasValue(2);
  }

  @Test
  void reply_inChunks_isPutTogether() throws Exception {
    String part = "x".repeat(70_000);
    answer =
        "HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n"
            + Integer.toHexString(part.length())
            + "\r\n"
            + part
            + "\r\n3\r\nend\r\n0\r\n\r\n";
    PeerReply reply = reply("q");
    assertThat(reply.status()).isEqualTo(500);
    assertThat(text(reply)).isEqualTo(part + "end");
  }

  @Test
  void reply_withoutRoom_hasNoBodyAndKeepsTheConnection() throws Exception {
    answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde";
    PeerReply refused = send("q", Duration.ofSeconds(30), 4).get();
    assertThat(refused.body()).isNull();
    assertThat(text(reply("q"))).isEqualTo("abcde");
    assertThat(connections).hasValue(1);
  }

  @Test
  void reply_behindAnInterimOne_isTheReply() throws Exception {
    answer =
        "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";
    assertThat(reply("q").status()).isEqualTo(200);
    assertThat(text(reply("q"))).isEqualTo("x");
    assertThat(connections).hasValue(1);
  }

  @Test
  void connection_thatThePeerCloses_isNotUsedAgain() throws Exception {
    answer = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx";
    assertThat(text(reply("q"))).isEqualTo("x");
    assertThat(text(reply("q"))).isEqualTo("x");
    assertThat(connections).hasValue(2);
  }

  @Test
  void connection_thatThePeerClosesLater_isNotKept() throws Exception {
    answer = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nSaid-Nowhere: close\r\n\r\nx";
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loops.all())
            .channel(loops.transport().client())
            .remoteAddress(listener.getInetAddress(), listener.getLocalPort());
    IdleConnections idle = new IdleConnections(bootstrap, new Unprepared());
    Channel open = idle.acquire().get();
    Channel closed = idle.acquire().get();
    idle.release(closed).get();
    idle.release(open).get();
    closed.writeAndFlush(Unpooled.copiedBuffer("GET / HTTP/1.1\r\n\r\n", ISO_8859_1)).get();
    closed.closeFuture().get(60, TimeUnit.SECONDS);
    loops.all().next().submit(() -> {}).get(); // the loop has told all that listen
    assertThat(idle.pollChannel()).isSameAs(open);
    assertThat(idle.pollChannel()).isNull();
    open.close().get();
  }

  private static final class Unprepared extends AbstractChannelPoolHandler {
    @Override
    public void channelCreated(Channel channel) {
      // nothing is read
    }
  }

  @Test
  void retain_urlsOfOthers_closesIdleConnections() throws Exception {
    answer = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";
    URI own = URI.create("http://127.0.0.1:" + listener.getLocalPort());
    reply("first");
    client.retain(List.of(own));
    reply("second");
    assertThat(connections).hasValue(1);
    client.retain(List.of(URI.create("http://127.0.0.1:1")));
    reply("third");
    assertThat(connections).hasValue(2);
  }

  @Test
  void post_ofManyBytes_isSentWhole() throws Exception {
    answer = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";
    String large = "0123456789".repeat(100_000);
    for (int i = 0; i < 3; i++) {
      assertThat(text(reply(large + i))).isEqualTo("x");
      assertThat(heard.get(i))
          .containsIgnoringCase("\r\ncontent-length: 1000001\r\n")
          .endsWith("\r\n\r\n" + large + i);
    }
    assertThat(connections).hasValue(1);
  }

  @Test
  void peer_thatSaysNothing_failsTheCallInTimeAndCostsTheConnection() throws Exception {
    assertThatThrownBy(() -> send("q", Duration.ofMillis(200), ROOM).get())
        .hasCauseInstanceOf(TimeoutException.class);
    answer = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";
    assertThat(text(reply("q"))).isEqualTo("x");
    assertThat(connections).hasValue(2);
  }

  @Test
  void peer_thatStopsInTheMiddleOfABody_failsTheCallInTime() {
    answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc";
    assertThatThrownBy(() -> send("q", Duration.ofMillis(200), ROOM).get())
        .hasCauseInstanceOf(TimeoutException.class);
  }

  @Test
  void peer_thatEndsOrTalksNonsense_failsTheCall() {
    for (String wrong :
        List.of(
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nabc",
            "nonsense\r\n\r\nConnection: close",
            "Connection: close")) {
      answer = wrong;
      assertThatThrownBy(() -> send("q", Duration.ofSeconds(30), ROOM).get())
          .as(wrong)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(Exception.class);
    }
  }

  @Test
  void peer_thatIsNotThere_failsTheCall() throws IOException {
    listener.close();
    assertThatThrownBy(() -> send("q", Duration.ofSeconds(30), ROOM).get())
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  void node_thatHasStopped_callsNobody() throws Exception {
    EventLoops ended = new EventLoops(1, Thread::new);
    ended.stop();
    client = new PooledClient(ended, threads, SSLContext.getDefault());
    assertThatThrownBy(() -> send("q", Duration.ofSeconds(30), ROOM).get())
        .hasCauseInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void name_isLookedUp() throws Exception {
    answer = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";
    URI url = URI.create("http://localhost:" + listener.getLocalPort() + "/");
    PeerCall call = new PeerCall(url, Map.of(), null, Duration.ofSeconds(30), more -> true);
    assertThat(client.send(call).get().status()).isEqualTo(200);
    URI unknown = URI.create("http://no-such-host.invalid/");
    PeerCall lost = new PeerCall(unknown, Map.of(), null, Duration.ofSeconds(30), more -> true);
    assertThatThrownBy(() -> client.send(lost).get()).isInstanceOf(ExecutionException.class);
  }
}
