package io.smache.node.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.smache.protocol.Assignment;
import io.smache.protocol.Lease;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import io.smache.protocol.Registration;
import io.smache.protocol.message.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** Discovery on the server's own scheduler, with an uplink that the test plays. */
@ArquillianTest
class DiscoveryIT {
  private static final String SECRET = "0123456789abcdef";
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final int UPLINK_PORT = freePort();

  private final HttpClient client = HttpClient.newHttpClient();
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
  @ArquillianResource private URL base;

  @Deployment(testable = false)
  static WebArchive deployment() {
    return Deployments.node(
        Map.of(
            "NODE_NAME",
            "foo",
            "NODE_URL",
            "http://127.0.0.1:" + UPLINK_PORT + "/node",
            "UPLINK_URL",
            "http://127.0.0.1:" + UPLINK_PORT + "/uplink",
            "SMACHE_SECRET",
            SECRET));
  }

  @Test
  void discovery_uplinkAppearsLate_waitsUnreadyAndJoinsThen() throws Exception {
    assertThat(status("healthcheck")).isEqualTo(200);
    assertThat(status("healthcheck/ready")).isEqualTo(503);
    assertThat(status("api?key=1")).isEqualTo(503);
    HttpServer uplink = HttpServer.create(loopback(), 0);
    uplink.createContext("/uplink", this::answer);
    uplink.createContext("/node/healthcheck", DiscoveryIT::isUp);
    uplink.start();
    try {
      await().atMost(TIMEOUT).until(() -> status("healthcheck/ready") == 200);
      assertThat(status("api?key=1")).isEqualTo(200);
      seen.clear();
      assertThat(seen.poll(TIMEOUT.toSeconds(), TimeUnit.SECONDS))
          .as("the lease is renewed")
          .isEqualTo("PUT /uplink/members/foo");
    } finally {
      uplink.stop(0);
    }
    assertThat(status("api?key=1")).as("it goes on without uplink").isEqualTo(200);
  }

  /** The node asks itself first whether it is reached under its URL. */
  private static void isUp(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(200, -1);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!("Bearer " + SECRET).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        exchange.sendResponseHeaders(401, -1);
        return;
      }
      byte[] body = exchange.getRequestBody().readAllBytes();
      byte[] answer =
          exchange.getRequestURI().getPath().endsWith("/table")
              ? Json.MAPPER.writeValueAsBytes(table)
              : Json.MAPPER.writeValueAsBytes(registered(body));
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
      seen.add(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
    }
  }

  private volatile PartitionTable table =
      Assignment.first(
          "line", false, List.of(new Member("nobody", "http://localhost", "nobody")), 1);

  private Lease registered(byte[] body) throws IOException {
    Registration registration = Json.MAPPER.readValue(body, Registration.class);
    Member member = new Member("foo", registration.url(), registration.instance());
    table = Assignment.first("line", false, List.of(member), 41);
    return new Lease(1000, 41);
  }

  private int status(String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(base + path)).build();
    HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
    return response.statusCode();
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), UPLINK_PORT);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
