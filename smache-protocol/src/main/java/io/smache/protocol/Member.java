package io.smache.protocol;

import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A node as uplink sees it. Two members with the same name are the same place in the cluster; two
 * with the same instance are the same process.
 *
 * @param name 1 to 64 of {@code A-Z a-z 0-9 . _ -}
 * @param url absolute {@code http} or {@code https} address under which other nodes reach it,
 *     without a trailing slash
 * @param instance new at every start of the process, so that a restarted node is known to be empty
 * @param grid what it is in a grid; null when it keeps its entries in shards
 */
public record Member(String name, String url, String instance, @Nullable MemberGrid grid) {
  private static final int MAX_NAME = 64;

  /** Makes one without a grid; the parameters are those of the record. */
  public Member(String name, String url, String instance) {
    this(name, url, instance, null);
  }

  /**
   * Checks all parts and drops trailing slashes of the URL.
   *
   * @throws IllegalArgumentException naming the part that is wrong and what is allowed
   */
  public Member {
    if (!isName(name)) {
      throw new IllegalArgumentException(
          "member name '" + name + "' must be 1 to 64 of A-Z a-z 0-9 . _ -");
    }
    url = baseUrl(url);
    if (Objects.requireNonNull(instance, "instance").isBlank()) {
      throw new IllegalArgumentException("member instance must not be blank");
    }
  }

  /** Returns whether the other is the same process, wherever it is reached. */
  public boolean isSameProcess(Member other) {
    return instance.equals(other.instance);
  }

  /** Returns where it keeps entries, as its settings say it. */
  public String engine() {
    return grid == null
        ? "SMACHE_ENGINE=shards"
        : "SMACHE_ENGINE=grid with SMACHE_BACKUPS=" + grid.backups();
  }

  /** Returns whether the text can name a member. */
  public static boolean isName(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isNameCharacter(text.charAt(i))) {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= MAX_NAME;
  }

  private static boolean isNameCharacter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '_'
        || c == '-';
  }

  /**
   * Returns the URL without trailing slashes.
   *
   * @throws IllegalArgumentException when it is no absolute http or https URL with a host
   */
  public static String baseUrl(String url) {
    try {
      URI uri = URI.create(url.strip());
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      boolean http = scheme.equals("http") || scheme.equals("https");
      if (http && uri.getHost() != null && uri.getQuery() == null && uri.getFragment() == null) {
        return uri.toString().replaceAll("/+$", "");
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(notAUrl(url), e);
    }
    throw new IllegalArgumentException(notAUrl(url));
  }

  private static String notAUrl(String url) {
    return "'" + url + "' must be an absolute URL such as http://host:8080";
  }
}
