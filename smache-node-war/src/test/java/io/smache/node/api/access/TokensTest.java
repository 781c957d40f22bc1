package io.smache.node.api.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokensTest {
  /** Of the text "test", as in FIPS 180-4's published examples of others. */
  private static final String TEST =
      "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

  static String hash(String token) throws Exception {
    byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static Caller only(String line) {
    return Objects.requireNonNull(Tokens.of(line).find("test"));
  }

  @Test
  void find_theTokenOfAHash_isItsCaller() {
    Tokens tokens = Tokens.of("# ours\n\n web  " + TEST + " read,write\tpages,session-* # shop\n");
    Caller web = Objects.requireNonNull(tokens.find("test"));
    assertThat(web.name()).isEqualTo("web");
    assertThat(tokens.size()).isEqualTo(1);
    assertThat(tokens.find("Test")).isNull();
    assertThat(tokens.find("")).isNull();
    assertThat(tokens.find(TEST)).isNull();
  }

  @Test
  void find_amongThousands_isTheRightOne() throws Exception {
    StringBuilder file = new StringBuilder();
    for (int i = 0; i < 3_000; i++) {
      file.append("t%d %s read c%d%n".formatted(i, hash("token-" + i), i));
    }
    Tokens tokens = Tokens.of(file.toString());
    for (int i = 0; i < 3_000; i++) {
      assertThat(Objects.requireNonNull(tokens.find("token-" + i)).name()).isEqualTo("t" + i);
    }
    assertThat(tokens.find("token-3000")).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "'read', READ, any, true",
    "'read', WRITE, any, false",
    "'write', READ, any, false",
    "'admin', READ, any, false",
    "'read,write pages', WRITE, pages, true",
    "'read,write pages', WRITE, page, false",
    "'read pages,session-*', READ, session-, true",
    "'read pages,session-*', READ, session-7, true",
    "'read pages,session-*', READ, my-session-7, false",
    "'read *.x', READ, a.x, true",
    "'read *.x', READ, abx, false",
    "'read a*b*c', READ, aXbYc, true",
    "'read a*b*c', READ, abc, true",
    "'read a*b*c', READ, acb, false",
    "'read *', READ, any, true"
  })
  void may_whatTheRightsAndCachesSay(String rest, Right right, String cache, boolean may) {
    assertThat(only("web " + TEST + " " + rest).may(right, cache)).isEqualTo(may);
  }

  @Test
  void mayEverywhere_isOfThoseForAllCaches() {
    assertThat(only("web " + TEST + " admin").mayEverywhere(Right.ADMIN)).isTrue();
    assertThat(only("web " + TEST + " admin a*").mayEverywhere(Right.ADMIN)).isFalse();
    assertThat(only("web " + TEST + " admin a*").mayAnywhere(Right.ADMIN)).isTrue();
    assertThat(only("web " + TEST + " read").mayEverywhere(Right.ADMIN)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "'web', 'line 1 has 1 words'",
    "'web HASH read a b', 'line 1 has 5 words'",
    "'w/b HASH read', 'a name that is not'",
    "'web secret-token read', 'no SHA-256 of 64 small'",
    "'web HASH', '2 words'",
    "'web HASH reed', 'the right ''reed''; there are read, write and admin'",
    "'web HASH read,', 'the right'''",
    "'web HASH Read', 'the right ''Read'''",
    "'web HASH read pages;', 'the cache ''pages;'''",
    "'web HASH read pages,', 'the cache'''"
  })
  void of_aWrongLine_saysWhereAndWhat(String line, String reason) {
    String text = line.replace("HASH", TEST);
    String plain = reason.replace("the right'", "the right '").replace("the cache'", "the cache '");
    assertThatThrownBy(() -> Tokens.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(plain)
        .hasMessageNotContaining("secret-token")
        .hasMessageNotContaining(TEST);
  }

  @Test
  void of_oneTokenTwice_isRefused() {
    String line = " " + TEST + " read\n";
    assertThatThrownBy(() -> Tokens.of("a" + line + "b" + line))
        .hasMessageContaining("line 2")
        .hasMessageContaining("given before");
  }
}
