package io.smache.protocol.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections of the inside with a certificate that only {@code SMACHE_CA_FILE} vouches for. */
class TrustTest {
  private static final String PASSWORD = "only-for-the-test";

  @TempDir Path directory;

  @BeforeEach
  void makeCertificate() throws Exception {
    keytool(
        "-genkeypair",
        "-alias",
        "node",
        "-keyalg",
        "EC",
        "-dname",
        "CN=node",
        "-ext",
        "SAN=ip:127.0.0.1");
    keytool("-exportcert", "-rfc", "-alias", "node", "-file", file("ca.pem"));
  }

  @Test
  void trust_ofTheCertificate_connects() throws Exception {
    HttpsServer server = server();
    try {
      URI uri = URI.create("https://127.0.0.1:" + server.getAddress().getPort() + "/");
      HttpRequest request = HttpRequest.newBuilder(uri).build();
      SSLContext trust = settings(file("ca.pem")).trust().orElseThrow();
      HttpClient trusting = HttpClient.newBuilder().sslContext(trust).build();
      assertThat(trusting.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(204);
      HttpClient stranger = HttpClient.newHttpClient();
      assertThatThrownBy(() -> stranger.send(request, BodyHandlers.discarding()))
          .isInstanceOf(SSLHandshakeException.class);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void trust_noFileOrNoCertificate_saysWhatIsAllowed() throws Exception {
    Path empty = Files.createFile(directory.resolve("empty.pem"));
    for (String file : List.of(file("nowhere.pem"), empty.toString())) {
      assertThatThrownBy(() -> settings(file).trust())
          .isInstanceOf(SettingException.class)
          .hasMessageContaining("SMACHE_CA_FILE is '" + file + "' but must be a PEM file");
    }
    assertThat(new Settings(name -> null).trust()).isEmpty();
  }

  private HttpsServer server() throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(directory.resolve("keys.p12"))) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    return server;
  }

  private void keytool(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-keystore",
                file("keys.p12"),
                "-storepass",
                PASSWORD));
    command.addAll(1, List.of(arguments));
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  private String file(String name) {
    return directory.resolve(name).toString();
  }

  private static Settings settings(String file) {
    return new Settings(name -> name.equals("SMACHE_CA_FILE") ? file : null);
  }
}
