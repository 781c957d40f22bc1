package io.smache.node.api.access;

import io.smache.protocol.settings.Settings;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A list of origins (RFC 6454, section 6.1), each of them exact. Immutable. */
public final class Origins {
  /** No origin. */
  public static final Origins NONE = new Origins(Set.of());

  private static final String SETTING = "SMACHE_CORS_ORIGINS";
  private static final Pattern ORIGIN =
      Pattern.compile("https?://(?:[a-z0-9._-]+|\\[[0-9a-f:.]+])(?::[0-9]{1,5})?");

  private final Set<String> origins;

  private Origins(Set<String> origins) {
    this.origins = origins;
  }

  /**
   * Returns the origins whose pages may do what a client may, from {@code SMACHE_CORS_ORIGINS}.
   *
   * @throws io.smache.protocol.settings.SettingException when one is malformed
   */
  public static Origins allowed(Settings settings) {
    String value = settings.text(SETTING).orElse("");
    Set<String> origins =
        Arrays.stream(value.split(","))
            .map(each -> each.strip().toLowerCase(Locale.ROOT))
            .filter(each -> !each.isEmpty())
            .collect(Collectors.toUnmodifiableSet());
    if (!origins.stream().allMatch(each -> ORIGIN.matcher(each).matches())) {
      throw Settings.wrong(
          SETTING, value, "origins such as https://app.example.com:8443, separated by commas");
    }
    return new Origins(origins);
  }

  /** Returns the origins for people, {@code own only} for none. */
  @Override
  public String toString() {
    return origins.isEmpty() ? "own only" : String.join(", ", new TreeSet<>(origins));
  }

  boolean isEmpty() {
    return origins.isEmpty();
  }

  boolean contains(String origin) {
    return origins.contains(origin.toLowerCase(Locale.ROOT));
  }
}
