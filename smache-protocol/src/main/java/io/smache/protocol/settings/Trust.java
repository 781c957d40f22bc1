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

/** Which certificates {@code https} connections inside the cluster trust, and which they show. */
public final class Trust {
  private static final String SETTING = "SMACHE_CA_FILE";

  private Trust() {}

  /**
   * Returns what trusts the certificates of the PEM file {@code SMACHE_CA_FILE} and nothing else,
   * and shows {@link OwnCertificate} to those that ask for one; empty when neither is set.
   *
   * @throws SettingException when a file cannot be read or has no certificate
   */
  public static Optional<SSLContext> of(Settings settings) {
    Optional<String> file = settings.text(SETTING);
    Optional<OwnCertificate> own = OwnCertificate.of(settings);
    return file.isEmpty() && own.isEmpty() ? Optional.empty() : Optional.of(context(file, own));
  }

  private static SSLContext context(Optional<String> file, Optional<OwnCertificate> own) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          own.map(each -> each.keyManagers().getKeyManagers()).orElse(null),
          file.map(each -> inFile(SETTING, each).getTrustManagers()).orElse(null),
          null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no TLS", e);
    }
  }

  /**
   * Returns what trusts the certificates of a PEM file and nothing else.
   *
   * @param setting that names the file
   * @throws SettingException when the file cannot be read or has no certificate
   */
  public static TrustManagerFactory inFile(String setting, String file) {
    try (InputStream pem = Files.newInputStream(Path.of(file))) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (Certificate ca : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("ca-" + store.size(), ca);
      }
      if (store.size() == 0) {
        throw Settings.wrong(setting, file, "a PEM file with at least one certificate");
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      return trust;
    } catch (IOException | GeneralSecurityException | InvalidPathException e) {
      throw Settings.wrong(setting, file, "a PEM file with certificates that can be read");
    }
  }
}
