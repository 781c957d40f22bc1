package io.smache.protocol;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The word that nodes and uplink show each other, sent as a bearer token (RFC 6750, section 2.1).
 * While it is being replaced there are two: the first is shown, both are accepted. It never appears
 * in {@link #toString} nor in a message. Immutable.
 */
public final class ClusterSecret {
  private static final Pattern ALLOWED = Pattern.compile("[\\x21-\\x7e]{16,1024}");
  private static final Pattern SPACES = Pattern.compile(" +");
  private static final int MOST = 2;

  /** No secret was given: nothing matches it, and it cannot be shown. */
  public static final ClusterSecret NONE = new ClusterSecret(List.of());

  private final List<String> authorizations;

  private ClusterSecret(List<String> authorizations) {
    this.authorizations = authorizations;
  }

  /**
   * Returns the secret of that text.
   *
   * @param text one secret, or two with spaces between them: the one that is shown, and another
   *     that is accepted as well
   * @throws IllegalArgumentException when one is not 16 to 1024 visible ASCII characters, or there
   *     are more
   */
  public static ClusterSecret of(String text) {
    List<String> words = List.of(SPACES.split(text, -1));
    if (words.size() > MOST || !words.stream().allMatch(w -> ALLOWED.matcher(w).matches())) {
      throw new IllegalArgumentException(
          "must be 16 to 1024 visible ASCII characters, or two such words with a space between: the"
              + " new one and the old one; ./scripts/secret.sh prints a good one");
    }
    return new ClusterSecret(words.stream().map(word -> "Bearer " + word).toList());
  }

  /**
   * Returns the value of the {@code Authorization} header that shows this secret.
   *
   * @throws IllegalStateException for {@link #NONE}
   */
  public String authorization() {
    if (authorizations.isEmpty()) {
      throw new IllegalStateException("there is no cluster secret to show");
    }
    return authorizations.get(0);
  }

  /**
   * Returns whether an {@code Authorization} header shows this secret. The time it takes does not
   * depend on how much of it is right.
   */
  public boolean matches(@Nullable String header) {
    if (header == null) {
      return false;
    }
    byte[] shown = header.getBytes(StandardCharsets.UTF_8);
    boolean matches = false;
    for (String authorization : authorizations) {
      matches |= MessageDigest.isEqual(authorization.getBytes(StandardCharsets.UTF_8), shown);
    }
    return matches;
  }

  @Override
  public String toString() {
    return "ClusterSecret[hidden]";
  }
}
