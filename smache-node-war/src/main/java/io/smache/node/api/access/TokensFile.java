package io.smache.node.api.access;

import io.smache.protocol.settings.FileWatch;
import io.smache.protocol.settings.SettingException;
import io.smache.protocol.settings.Settings;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a file, which is read again when it changes. One that cannot be read any longer
 * leaves the tokens as they were. Thread-safe.
 */
public final class TokensFile {
  private static final Logger LOG = System.getLogger(TokensFile.class.getName());
  private static final String SETTING = "SMACHE_TOKENS_FILE";

  private final @Nullable Path file;
  private volatile @Nullable Tokens tokens;

  /** For the one thread that looks. */
  private final @Nullable FileWatch watch;

  private TokensFile(@Nullable Path file) {
    this.file = file;
    watch = file == null ? null : new FileWatch(List.of(file));
  }

  /**
   * Reads the file that {@code SMACHE_TOKENS_FILE} names.
   *
   * @throws SettingException when it cannot be read, or a line is wrong
   */
  public static TokensFile of(Settings settings) {
    Path file = settings.text(SETTING).map(Path::of).orElse(null);
    TokensFile tokens = new TokensFile(file);
    if (file != null) {
      try {
        tokens.tokens = read(file);
      } catch (IOException | IllegalArgumentException e) {
        throw new SettingException("%s is '%s', %s".formatted(SETTING, file, reason(e)));
      }
    }
    return tokens;
  }

  private static Tokens read(Path file) throws IOException {
    return Tokens.of(Files.readString(file, StandardCharsets.UTF_8));
  }

  private static String reason(Exception failure) {
    return failure instanceof IOException
        ? "which cannot be read: " + failure
        : "of which " + failure.getMessage();
  }

  /** Returns whether there is a file. */
  public boolean isSet() {
    return file != null;
  }

  /** Reads the file again if it has changed; to be called about once a second, by one thread. */
  public void look() {
    Path path = file;
    if (path == null || watch == null || !watch.hasChanged()) {
      return;
    }
    try {
      Tokens next = read(path);
      tokens = next;
      LOG.log(Level.INFO, "has read {0} again: {1} tokens", path, Integer.toString(next.size()));
    } catch (IOException | IllegalArgumentException e) {
      LOG.log(
          Level.ERROR,
          "{0} is {1}, {2}; the tokens that were there before stay in force",
          SETTING,
          path,
          reason(e));
    }
  }

  /** Returns the tokens, null when nobody needs one. */
  @Nullable Tokens tokens() {
    return tokens;
  }

  /** Returns what there is, for people. */
  @Override
  public String toString() {
    Tokens now = tokens;
    return now == null
        ? "none: whoever reaches this node may read and write; SMACHE_TOKENS_FILE names tokens"
        : "%d, of %s".formatted(now.size(), file);
  }
}
