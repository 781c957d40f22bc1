package io.smache.node.api.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smache.protocol.settings.SettingException;
import io.smache.protocol.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensFileTest {
  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void write() throws Exception {
    file = directory.resolve("tokens");
    write("one");
  }

  private void write(String token) throws Exception {
    Files.writeString(file, "%s %s read%n".formatted(token, TokensTest.hash(token)));
  }

  private static TokensFile of(@Nullable Path file) {
    return TokensFile.of(new Settings(name -> file == null ? null : file.toString()));
  }

  private static boolean knows(TokensFile file, String token) {
    return Objects.requireNonNull(file.tokens()).find(token) != null;
  }

  @Test
  void look_aChangedFile_isReadAgain() throws Exception {
    TokensFile tokens = of(file);
    assertThat(knows(tokens, "one")).isTrue();
    write("another");
    assertThat(knows(tokens, "another")).isFalse();
    tokens.look();
    assertThat(knows(tokens, "another")).isTrue();
    assertThat(knows(tokens, "one")).isFalse();
  }

  /** As a Secret of Kubernetes is changed: another file takes the place of the first. */
  @Test
  void look_aReplacedFileOfTheSameSize_isReadAgain() throws Exception {
    TokensFile tokens = of(file);
    Path next = directory.resolve("next");
    Files.writeString(next, "two %s read%n".formatted(TokensTest.hash("two")));
    Files.setLastModifiedTime(next, Files.getLastModifiedTime(file));
    Files.delete(file);
    Files.move(next, file);
    tokens.look();
    assertThat(knows(tokens, "two")).isTrue();
  }

  @Test
  void look_aWrongOrMissingFile_leavesTheTokensAsTheyWere() throws Exception {
    TokensFile tokens = of(file);
    Files.writeString(file, "nonsense");
    tokens.look();
    assertThat(knows(tokens, "one")).isTrue();
    Files.delete(file);
    tokens.look();
    tokens.look();
    assertThat(knows(tokens, "one")).isTrue();
    write("two");
    tokens.look();
    assertThat(knows(tokens, "two")).isTrue();
  }

  @Test
  void of_aFileThatIsWrongAtTheStart_fails() throws IOException {
    Files.writeString(file, "web nonsense");
    assertThatThrownBy(() -> of(file))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("SMACHE_TOKENS_FILE")
        .hasMessageContaining("line 1");
    assertThatThrownBy(() -> of(directory.resolve("nothing")))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("cannot be read");
  }

  @Test
  void of_noFile_saysThatTheDataIsOpen() {
    assertThat(of(null).tokens()).isNull();
    assertThat(of(null).toString()).contains("whoever reaches this node");
  }
}
