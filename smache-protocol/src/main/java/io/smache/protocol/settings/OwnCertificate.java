package io.smache.protocol.settings;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;

/**
 * The certificate that this process shows, and its key.
 *
 * @param certificate PEM file with the certificate, and those between it and a trusted one
 * @param key PEM file with the key in PKCS#8, unencrypted
 */
public record OwnCertificate(Path certificate, Path key) {
  private static final String CERTIFICATE = "SMACHE_TLS_CERT";
  private static final String KEY = "SMACHE_TLS_KEY";
  private static final Pattern PKCS8 =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  /** No password protects what is only in memory. */
  private static final char[] NONE = {};

  private static final byte[] PROBE = "smache".getBytes(StandardCharsets.US_ASCII);

  /**
   * Returns the one that {@code SMACHE_TLS_CERT} and {@code SMACHE_TLS_KEY} name, empty when they
   * are not set.
   *
   * @throws SettingException when only one of them is set
   */
  public static Optional<OwnCertificate> of(Settings settings) {
    Optional<String> certificate = settings.text(CERTIFICATE);
    Optional<String> key = settings.text(KEY);
    if (certificate.isPresent() != key.isPresent()) {
      throw new SettingException(
          "%s is set but %s is not; a listener for https needs both"
              .formatted(
                  certificate.isPresent() ? CERTIFICATE : KEY,
                  key.isPresent() ? CERTIFICATE : KEY));
    }
    return certificate.map(file -> new OwnCertificate(Path.of(file), Path.of(key.orElseThrow())));
  }

  /**
   * Reads both files.
   *
   * @throws SettingException when one cannot be read, is something else, or they do not fit
   */
  public KeyManagerFactory keyManagers() {
    try {
      Certificate[] chain = chain();
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      PublicKey shown = chain[0].getPublicKey();
      PrivateKey own = privateKey(shown.getAlgorithm());
      if (!fit(own, shown)) {
        throw wrong(KEY, key, "the key of the certificate in " + certificate);
      }
      store.setKeyEntry("own", own, NONE, chain);
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(store, NONE);
      return managers;
    } catch (GeneralSecurityException | IOException e) {
      throw new SettingException("%s and %s cannot be used: %s".formatted(certificate, key, e));
    }
  }

  private Certificate[] chain() throws IOException {
    try {
      byte[] pem = Files.readAllBytes(certificate);
      List<Certificate> chain =
          List.copyOf(
              CertificateFactory.getInstance("X.509")
                  .generateCertificates(new ByteArrayInputStream(pem)));
      if (!chain.isEmpty()) {
        return chain.toArray(Certificate[]::new);
      }
    } catch (GeneralSecurityException e) {
      throw wrong(CERTIFICATE, certificate, "certificates");
    }
    throw wrong(CERTIFICATE, certificate, "certificates");
  }

  private PrivateKey privateKey(String algorithm) throws IOException, GeneralSecurityException {
    Matcher pem = PKCS8.matcher(Files.readString(key, StandardCharsets.ISO_8859_1));
    if (!pem.find()) {
      throw wrong(
          KEY, key, "a key in PKCS#8, unencrypted; openssl pkcs8 -topk8 -nocrypt makes one");
    }
    try {
      byte[] encoded = Base64.getMimeDecoder().decode(pem.group(1));
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    } catch (InvalidKeySpecException | IllegalArgumentException e) {
      throw wrong(KEY, key, "the key of the certificate in " + certificate);
    }
  }

  /** What one signs, the other has to accept: no client would, if they did not fit. */
  private static boolean fit(PrivateKey own, PublicKey shown) throws GeneralSecurityException {
    Signature signature = Signature.getInstance(signatureOf(shown.getAlgorithm()));
    signature.initSign(own);
    signature.update(PROBE);
    byte[] signed = signature.sign();
    signature.initVerify(shown);
    signature.update(PROBE);
    return signature.verify(signed);
  }

  private static String signatureOf(String algorithm) {
    return switch (algorithm) {
      case "RSA", "DSA" -> "SHA256with" + algorithm;
      case "EC" -> "SHA256withECDSA";
      default -> algorithm;
    };
  }

  private static SettingException wrong(String setting, Path file, String content) {
    return Settings.wrong(setting, file.toString(), "a PEM file with " + content);
  }
}
