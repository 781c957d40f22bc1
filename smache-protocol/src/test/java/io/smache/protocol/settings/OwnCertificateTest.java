package io.smache.protocol.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code SMACHE_TLS_CERT} and {@code SMACHE_TLS_KEY} must be; real servers use them. */
class OwnCertificateTest {
  @TempDir Path directory;

  private static Settings settings(Map<String, String> values) {
    return new Settings(values::get);
  }

  @Test
  void of_oneOfTheTwo_saysThatBothAreNeeded() {
    assertThat(OwnCertificate.of(settings(Map.of()))).isEmpty();
    assertThatThrownBy(() -> OwnCertificate.of(settings(Map.of("SMACHE_TLS_CERT", "c.pem"))))
        .isInstanceOf(SettingException.class)
        .hasMessage(
            "SMACHE_TLS_CERT is set but SMACHE_TLS_KEY is not; a listener for https needs both");
    assertThatThrownBy(() -> OwnCertificate.of(settings(Map.of("SMACHE_TLS_KEY", "k.pem"))))
        .hasMessageContaining("SMACHE_TLS_KEY is set but SMACHE_TLS_CERT is not");
  }

  @Test
  void keyManagers_ofWrongFiles_sayWhichAndWhatIsAllowed() throws Exception {
    Path file = Files.writeString(directory.resolve("empty.pem"), "");
    assertThatThrownBy(() -> new OwnCertificate(file, file).keyManagers())
        .isInstanceOf(SettingException.class)
        .hasMessage("SMACHE_TLS_CERT is '%s' but must be a PEM file with certificates", file);
    Path nowhere = directory.resolve("nowhere.pem");
    assertThatThrownBy(() -> new OwnCertificate(nowhere, nowhere).keyManagers())
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("nowhere.pem");
  }
}
