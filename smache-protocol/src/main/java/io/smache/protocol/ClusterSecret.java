package io.smache.protocol;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The word that nodes and uplink show each other, sent as a bearer token (RFC 6750, section 2.1).
 * It never appears in {@link #toString} nor in a message.
 */
public final class ClusterSecret {
  private static final Pattern ALLOWED = Pattern.compile("[\\x21-\\x7e]{16,1024}");

  /** No secret was given: nothing matches it, and it cannot be shown. */
  public static final ClusterSecret NONE = new ClusterSecret(null);

  private final @Nullable String authorization;

  private ClusterSecret(@Nullable String authorization) {
    this.authorization = authorization;
  }

  /**
   * Returns the secret of that text.
   *
   * @throws IllegalArgumentException when it is not 16 to 1024 visible ASCII characters
   */
  public static ClusterSecret of(String text) {
    if (!ALLOWED.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "must be 16 to 1024 visible ASCII characters without a space;"
              + " ./scripts/secret.sh prints a good one");
    }
    return new ClusterSecret("Bearer " + text);
  }

  /**
   * Returns the value of the {@code Authorization} header that shows this secret.
   *
   * @throws IllegalStateException for {@link #NONE}
   */
  public String authorization() {
    if (authorization == null) {
      throw new IllegalStateException("there is no cluster secret to show");
    }
    return authorization;
  }

  /**
   * Returns whether an {@code Authorization} header shows this secret. The time it takes does not
   * depend on how much of it is right.
   */
  public boolean matches(@Nullable String header) {
    return authorization != null
        && header != null
        && MessageDigest.isEqual(
            authorization.getBytes(StandardCharsets.UTF_8),
            header.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "ClusterSecret[hidden]";
  }
}
