package io.smache.tests;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate for 127.0.0.1 that nobody vouches for but itself, with its key. */
final class Certificate {
  private static final String PASSWORD = "only-for-the-test";

  private final Path directory;

  /** Makes a new one, whose files are kept in that directory. */
  Certificate(Path directory) throws IOException, InterruptedException {
    this.directory = directory;
    keytool(
        "-genkeypair -alias node -keyalg EC -dname CN=node -ext SAN=ip:127.0.0.1 -storetype PKCS12");
    keytool("-exportcert -rfc -alias node -file " + pem());
  }

  /** Returns the file with the certificate as text. */
  Path pem() {
    return directory.resolve("ca.pem");
  }

  /** Returns sockets of TLS that show this certificate. */
  ServerSocketFactory sockets() throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store())) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context.getServerSocketFactory();
  }

  private Path store() {
    return directory.resolve("keys.p12");
  }

  private void keytool(String arguments) throws IOException, InterruptedException {
    String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    String all = "%s %s -keystore %s -storepass %s".formatted(tool, arguments, store(), PASSWORD);
    if (new ProcessBuilder(List.of(all.split(" ", -1))).inheritIO().start().waitFor() != 0) {
      throw new IOException("keytool could not " + arguments);
    }
  }
}
