package io.smache.protocol.settings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Which certificates {@code https} connections inside the cluster trust. */
public final class Trust {
  private static final String SETTING = "SMACHE_CA_FILE";

  private Trust() {}

  /**
   * Returns what trusts the certificates of the PEM file {@code SMACHE_CA_FILE} and nothing else;
   * empty when it is not set, which means what the JVM trusts.
   *
   * @throws SettingException when the file cannot be read or has no certificate
   */
  public static Optional<SSLContext> of(Settings settings) {
    return settings.text(SETTING).map(Trust::inFile);
  }

  private static SSLContext inFile(String file) {
    try (InputStream pem = Files.newInputStream(Path.of(file))) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (Certificate ca : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("ca-" + store.size(), ca);
      }
      if (store.size() == 0) {
        throw Settings.wrong(SETTING, file, "a PEM file with at least one certificate");
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException | InvalidPathException e) {
      throw Settings.wrong(SETTING, file, "a PEM file with certificates that can be read");
    }
  }
}
