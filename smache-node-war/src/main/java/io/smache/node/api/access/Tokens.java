package io.smache.node.api.access;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tokens by what SHA-256 makes of them: the tokens themselves are nowhere. Immutable. */
final class Tokens {
  private static final int MOST = 10_000;
  private static final Pattern SPACES = Pattern.compile("\\s+");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern CACHE = Pattern.compile("[A-Za-z0-9._*-]{1,64}");
  private static final String FORM =
      "a line is NAME SHA256 RIGHTS [CACHES], such as 'web 9f86…0a08 read,write session-*';"
          + " scripts/token.sh makes one";

  private final Map<Hash, Caller> callers;

  private Tokens(Map<Hash, Caller> callers) {
    this.callers = callers;
  }

  /** The hash of a token. How long two take to compare does not depend on how alike they are. */
  private record Hash(long a, long b, long c, long d) {
    static Hash of(byte[] bytes) {
      ByteBuffer hash = ByteBuffer.wrap(bytes);
      return new Hash(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Hash o
          && ((a ^ o.a) | (b ^ o.b) | (c ^ o.c) | (d ^ o.d)) == 0; // all of it, always
    }

    @Override
    public int hashCode() {
      return Long.hashCode(a);
    }
  }

  /**
   * Reads tokens, a line each: its name, its SHA-256 in hexadecimal, its rights, and names of
   * caches, all if there are none. Empty lines and what follows a {@code #} do not count.
   *
   * @throws IllegalArgumentException naming the line that is wrong, and nothing of its hash
   */
  static Tokens of(String text) {
    Map<Hash, Caller> callers = new HashMap<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).replaceFirst("#.*", "").strip();
      if (!line.isEmpty()) {
        add(callers, "line " + (i + 1), SPACES.split(line));
      }
    }
    return new Tokens(Map.copyOf(callers));
  }

  private static void add(Map<Hash, Caller> callers, String where, String[] words) {
    if (words.length < 3 || words.length > 4) {
      throw wrong(where, "has %d words".formatted(words.length));
    }
    if (!NAME.matcher(words[0]).matches()) {
      throw wrong(where, "has a name that is not 1 to 64 of A-Z a-z 0-9 . _ -");
    }
    if (!HASH.matcher(words[1]).matches()) {
      throw wrong(where, "has no SHA-256 of 64 small hexadecimal digits for " + words[0]);
    }
    if (callers.size() == MOST) {
      throw wrong(where, "is one token too many: there may be " + MOST);
    }
    Caller caller =
        new Caller(
            words[0],
            rights(where, words[2]),
            caches(where, Arrays.copyOfRange(words, 3, words.length)));
    if (callers.put(Hash.of(HexFormat.of().parseHex(words[1])), caller) != null) {
      throw wrong(where, "has a token that was given before, to " + words[0]);
    }
  }

  private static Set<Right> rights(String where, String words) {
    Set<Right> rights = EnumSet.noneOf(Right.class);
    for (String each : words.split(",", -1)) {
      Optional<Right> right = Right.of(each);
      if (right.isEmpty()) {
        throw wrong(where, "has the right '%s'; there are read, write and admin".formatted(each));
      }
      rights.add(right.get());
    }
    return Set.copyOf(rights);
  }

  private static List<String> caches(String where, String[] words) {
    if (words.length == 0) {
      return List.of("*");
    }
    List<String> caches = List.of(words[0].split(",", -1));
    for (String each : caches) {
      if (!CACHE.matcher(each).matches()) {
        throw wrong(where, "has the cache '%s', which can be no name".formatted(each));
      }
    }
    return caches;
  }

  private static IllegalArgumentException wrong(String where, String what) {
    return new IllegalArgumentException("%s %s; %s".formatted(where, what, FORM));
  }

  int size() {
    return callers.size();
  }

  /** Returns the caller that a token belongs to, null for none. */
  @Nullable Caller find(String token) {
    return callers.get(Hash.of(sha256(token)));
  }

  private static byte[] sha256(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
