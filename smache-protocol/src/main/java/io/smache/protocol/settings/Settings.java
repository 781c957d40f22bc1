package io.smache.protocol.settings;

import io.smache.protocol.ClusterSecret;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/** The operator's settings by name, read from environment or system properties. Thread-safe. */
public final class Settings {
  private final Function<String, @Nullable String> source;

  /**
   * Reads from the given source.
   *
   * @param source returns the text of a setting, or null when it is not set
   */
  public Settings(Function<String, @Nullable String> source) {
    this.source = source;
  }

  /** Reads through MicroProfile Config of the deployed application. */
  public static Settings ofApplication() {
    Config config = ConfigProvider.getConfig();
    return new Settings(name -> raw(config, name));
  }

  /**
   * Config's own getters say "not set" for an empty text (MicroProfile Config 3.1, section "Empty
   * value"), which would turn a mistake into the default: so the sources are asked, in their order.
   */
  private static @Nullable String raw(Config config, String name) {
    return StreamSupport.stream(config.getConfigSources().spliterator(), false)
        .flatMap(each -> Optional.ofNullable(each.getValue(name)).stream())
        .findFirst()
        .orElse(null);
  }

  /** Returns the text of the setting, without spaces around it, or empty when it is not set. */
  public Optional<String> text(String name) {
    return Optional.ofNullable(source.apply(name)).map(String::strip);
  }

  /**
   * Returns a setting as a whole number above 0.
   *
   * @param absent what counts when it is not set
   * @param most the highest allowed value
   * @throws SettingException when it is set to anything else
   */
  public long positive(String name, long absent, long most) {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return absent;
    }
    try {
      long number = Long.parseLong(text.get());
      if (number > 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw wrong(name, text.get(), "a whole number from 1 to " + most);
    }
    throw wrong(name, text.get(), "a whole number from 1 to " + most);
  }

  /**
   * Returns whether a setting is {@code true}.
   *
   * @param absent what counts when it is not set
   * @throws SettingException when it is neither {@code true} nor {@code false}
   */
  public boolean flag(String name, boolean absent) {
    String text = text(name).orElse(Boolean.toString(absent));
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong(name, text, "true or false");
    };
  }

  /**
   * Returns the cluster secret from {@code SMACHE_SECRET}, {@link ClusterSecret#NONE} when not set.
   *
   * @throws SettingException when it is set but too weak to be one; the message does not repeat it
   */
  public ClusterSecret secret() {
    try {
      return text("SMACHE_SECRET").map(ClusterSecret::of).orElse(ClusterSecret.NONE);
    } catch (IllegalArgumentException e) {
      throw new SettingException("SMACHE_SECRET " + e.getMessage());
    }
  }

  /** Returns the exception that says what was given for a setting and what is allowed. */
  public static SettingException wrong(String name, String value, String allowed) {
    return new SettingException(name + " is '" + value + "' but must be " + allowed);
  }
}
