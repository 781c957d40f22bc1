package io.smache.tests;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for 127.0.0.1 that nobody vouches for but itself, with its key. */
final class Certificate {
  private static final String PASSWORD = "only-for-the-test";

  private final Path directory;

  /** Makes a new one, whose files are kept in that directory. */
  Certificate(Path directory) throws IOException, InterruptedException, GeneralSecurityException {
    this.directory = directory;
    keytool(
        "-genkeypair -alias node -keyalg EC -dname CN=node -ext SAN=ip:127.0.0.1 -storetype PKCS12");
    keytool("-exportcert -rfc -alias node -file " + pem());
    writeKey();
  }

  /** Returns the file with the key as text, PKCS#8. */
  Path key() {
    return directory.resolve("key.pem");
  }

  private void writeKey() throws IOException, GeneralSecurityException {
    byte[] key = keys().getKey("node", PASSWORD.toCharArray()).getEncoded();
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key);
    Files.writeString(
        key(), "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n".formatted(text));
  }

  private KeyStore keys() throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store())) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  /**
   * Returns what trusts this certificate.
   *
   * @param shows whether it shows it as well
   */
  SSLContext context(boolean shows) throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("node", keys().getCertificate("node"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(shows ? own().getKeyManagers() : null, trust.getTrustManagers(), null);
    return context;
  }

  private KeyManagerFactory own() throws IOException, GeneralSecurityException {
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys(), PASSWORD.toCharArray());
    return managers;
  }

  /** Returns the file with the certificate as text. */
  Path pem() {
    return directory.resolve("ca.pem");
  }

  /** Returns sockets of TLS that show this certificate. */
  ServerSocketFactory sockets() throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own().getKeyManagers(), null, null);
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
