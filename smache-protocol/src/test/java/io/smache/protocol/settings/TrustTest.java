package io.smache.protocol.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code SMACHE_CA_FILE} must be; that it is trusted shows where real nodes connect. */
class TrustTest {
  @TempDir Path directory;

  @Test
  void trust_noFileOrNoCertificate_saysWhatIsAllowed() throws Exception {
    Path empty = Files.createFile(directory.resolve("empty.pem"));
    for (String file : List.of(file("nowhere.pem"), empty.toString())) {
      assertThatThrownBy(() -> Trust.of(settings(file)))
          .isInstanceOf(SettingException.class)
          .hasMessageContaining("SMACHE_CA_FILE is '" + file + "' but must be a PEM file");
    }
    assertThat(Trust.of(new Settings(name -> null))).isEmpty();
  }

  private String file(String name) {
    return directory.resolve(name).toString();
  }

  private static Settings settings(String file) {
    return new Settings(name -> name.equals("SMACHE_CA_FILE") ? file : null);
  }
}
