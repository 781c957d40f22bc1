package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Fronts that speak https: two members that want certificates of all who call them, and so show
 * their own to each other; and one alone, whose certificate is replaced.
 */
@TestInstance(Lifecycle.PER_CLASS)
class TlsIT {
  private Certificate own;
  private Path files;
  private Server uplink;
  private Server one;
  private Server other;
  private Server alone;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    own = new Certificate(Files.createDirectory(directory.resolve("own")));
    files = Files.createDirectory(directory.resolve("alone"));
    install(own);
    uplink =
        Server.uplink(Host.LOOPBACK, Server.freePort(), Map.of("SMACHE_SECRET", Cluster.SECRET));
    Map<String, String> cluster =
        Map.of(
            "UPLINK_URL",
            uplink.url() + "/uplink",
            "SMACHE_SECRET",
            Cluster.SECRET,
            "SMACHE_CA_FILE",
            own.pem().toString(),
            "SMACHE_TLS_CLIENT_CA",
            own.pem().toString());
    one = node("one", own.pem(), own.key(), cluster);
    other = node("other", own.pem(), own.key(), cluster);
    alone = node("alone", files.resolve("ca.pem"), files.resolve("key.pem"), Map.of());
  }

  private static Server node(
      String name, Path certificate, Path key, Map<String, String> settings) {
    int port = Server.freePort();
    Map<String, String> environment = new HashMap<>(settings);
    environment.put("NODE_NAME", name);
    environment.put("NODE_URL", "https://127.0.0.1:" + port);
    environment.put(Server.FRONT, Integer.toString(port));
    environment.put("SMACHE_TLS_CERT", certificate.toString());
    environment.put("SMACHE_TLS_KEY", key.toString());
    return Server.node(name, port, environment);
  }

  /** The key first: while they do not fit, the node goes on with what it has. */
  private void install(Certificate certificate) throws IOException {
    for (Path file : List.of(certificate.key(), certificate.pem())) {
      Files.copy(file, files.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @AfterAll
  void stop() {
    List.of(one, other, alone, uplink).forEach(Server::close);
  }

  private static HttpClient client(SSLContext context) {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(context).build();
  }

  private static HttpResponse<String> send(
      HttpClient client, String method, Server node, String path, String body)
      throws IOException, InterruptedException {
    URI url = URI.create("https://127.0.0.1:" + node.port() + path);
    HttpRequest request =
        HttpRequest.newBuilder(url).method(method, BodyPublishers.ofString(body)).build();
    return client.send(request, BodyHandlers.ofString());
  }

  private static void awaitReady(HttpClient client, Server node) {
    await(node.url())
        .atMost(Server.TIMEOUT)
        .ignoreExceptions()
        .until(() -> send(client, "GET", node, "/healthcheck/ready", "").statusCode() == 200);
  }

  @Test
  void members_withCertificates_serveEachOthersKeys() throws Exception {
    HttpClient client = client(own.context(true));
    awaitReady(client, one);
    awaitReady(client, other);
    await()
        .atMost(Server.TIMEOUT)
        .until(
            () ->
                send(client, "GET", one, "/api/cluster/safe", "").statusCode() == 200
                    && send(client, "GET", one, "/api/cluster", "").body().contains("\"other\""));
    for (int i = 0; i < 40; i++) {
      String path = "/api/caches/c/entries/k" + i;
      assertThat(send(client, "PUT", one, path, "v" + i).statusCode()).isEqualTo(201);
      assertThat(send(client, "GET", other, path, "").body()).isEqualTo("v" + i);
    }
    String large = "x".repeat(3 << 20);
    assertThat(send(client, "PUT", one, "/api/caches/c/entries/large", large).statusCode())
        .isEqualTo(201);
    assertThat(send(client, "GET", other, "/api/caches/c/entries/large", "").body())
        .isEqualTo(large);
  }

  @Test
  void client_withoutACertificate_isRefusedWhereOneIsWanted() throws Exception {
    awaitReady(client(own.context(true)), one);
    assertThatThrownBy(() -> send(client(own.context(false)), "GET", one, "/healthcheck", ""))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> Http.get(one.url() + "/healthcheck"))
        .hasRootCauseInstanceOf(IOException.class);
    assertThat(send(client(own.context(true)), "GET", one, "/healthcheck", "").statusCode())
        .isEqualTo(200);
    assertThat(one.log())
        .contains("https with client certificates")
        .doesNotContain("a connection failed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void handshake_choosesHttp11(String version) throws Exception {
    awaitReady(client(own.context(false)), alone);
    try (SSLSocket socket = connect(version, "h2", "http/1.1")) {
      assertThat(socket.getSession().getProtocol()).isEqualTo(version);
      assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
    }
  }

  @Test
  void handshake_withAnOldVersion_fails() {
    awaitReady(client(ownContext()), alone);
    assertThatThrownBy(() -> connect("TLSv1.1").close()).isInstanceOf(SSLException.class);
  }

  private SSLContext ownContext() {
    try {
      return own.context(false);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private SSLSocket connect(String version, String... applications) throws IOException {
    SSLSocket socket =
        (SSLSocket) ownContext().getSocketFactory().createSocket("127.0.0.1", alone.port());
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setProtocols(new String[] {version});
    parameters.setApplicationProtocols(applications);
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  /** As when a certificate is renewed: no restart, and nobody is cut off. */
  @Test
  void certificate_thatIsReplaced_isShownToNewConnections(@TempDir Path directory)
      throws Exception {
    HttpClient before = client(own.context(false));
    awaitReady(before, alone);
    Certificate renewed = new Certificate(directory);
    install(renewed);
    HttpClient[] after = new HttpClient[1];
    await()
        .atMost(Server.TIMEOUT)
        .ignoreExceptions()
        .until(
            () -> {
              after[0] = client(renewed.context(false));
              return send(after[0], "GET", alone, "/healthcheck", "").statusCode() == 200;
            });
    X509Certificate shown =
        (X509Certificate)
            send(after[0], "GET", alone, "/healthcheck", "")
                .sslSession()
                .orElseThrow()
                .getPeerCertificates()[0];
    assertThat(Files.readString(renewed.pem()).replaceAll("\\s", ""))
        .contains(Base64.getEncoder().encodeToString(shown.getEncoded()));
    assertThat(send(before, "GET", alone, "/healthcheck", "").statusCode()).isEqualTo(200);
    Files.copy(own.key(), files.resolve("key.pem"), StandardCopyOption.REPLACE_EXISTING);
    alone.awaitLog("the certificate that was there before stays");
    assertThat(alone.log()).contains("must be a PEM file with the key of the certificate in");
    assertThat(send(after[0], "GET", alone, "/healthcheck", "").statusCode()).isEqualTo(200);
    install(own);
    awaitReady(client(own.context(false)), alone);
  }
}
