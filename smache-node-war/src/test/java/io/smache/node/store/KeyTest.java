package io.smache.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTest {
  @ParameterizedTest
  @CsvSource({"1, 1", "aa, 24929", "aaa, 6381921", "abcd, 1633837924", "-5, -5", "0, 0"})
  void normalized_seedsExamples_areTheSeedsNumbers(String text, BigInteger number)
      throws KeyException {
    assertThat(Key.of(text).normalized()).isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(strings = {"01", "+1", "1.9", "12abc", " 1", "-", "-0", "-01", "é", "日本", "💥"})
  void normalized_noIntegersText_isItsBytes(String text) throws KeyException {
    BigInteger bytes = new BigInteger(1, text.getBytes(StandardCharsets.UTF_8));
    assertThat(Key.of(text).normalized()).isEqualTo(bytes);
  }

  @Test
  void equals_sameNormalizedInteger_areStillTwoKeys() throws KeyException {
    assertThat(Key.of("aa")).isNotEqualTo(Key.of("24929"));
    assertThat(Key.of("aa").partition()).isEqualTo(Key.of("24929").partition());
  }

  @Property
  void partition_integer_dependsOnNothingButTheInteger(
      @ForAll @BigRange(min = "0", max = "340282366920938463463374607431768211456")
          BigInteger number)
      throws KeyException {
    byte[] bytes = number.toByteArray();
    String latin = new String(bytes, StandardCharsets.US_ASCII);
    Assume.that(latin.getBytes(StandardCharsets.US_ASCII).length == bytes.length);
    Assume.that(StandardCharsets.US_ASCII.newEncoder().canEncode(latin));
    Key text = Key.of(latin);
    Assume.that(text.normalized().equals(number) && !latin.equals(number.toString()));
    assertThat(text.partition()).isEqualTo(Key.of(number.toString()).partition());
  }

  @Property
  void equals_anyTwoTexts_meansTheSameText(
      @ForAll @StringLength(min = 1, max = 8) String one,
      @ForAll @StringLength(min = 1, max = 8) String other)
      throws KeyException {
    Assume.that(isUnicode(one) && isUnicode(other));
    assertThat(Key.of(one).equals(Key.of(other))).isEqualTo(one.equals(other));
    assertThat(Key.of(one)).hasToString(one);
    assertThat(Key.ofUtf8(one.getBytes(StandardCharsets.UTF_8))).isEqualTo(Key.of(one));
  }

  @Property
  void placement_anyKey_isInRange(
      @ForAll @StringLength(min = 1, max = 40) String text, @ForAll @IntRange(min = 1) int limit)
      throws KeyException {
    Assume.that(isUnicode(text));
    assertThat(Key.of(text).partition()).isBetween(0, 1023);
    assertThat(Key.of(text).shard(limit)).isBetween(0, limit - 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 7, 256, 1000})
  void shard_consecutiveKeys_spreadEvenly(int limit) throws KeyException {
    int[] counts = new int[limit];
    int keys = 200 * limit;
    for (int i = 0; i < keys; i++) {
      counts[Key.of("user:" + i).shard(limit)]++;
    }
    assertThat(IntStream.of(counts)).allMatch(count -> count > 100 && count < 300);
  }

  @Test
  void partition_consecutiveIntegers_spreadEvenly() throws KeyException {
    int[] counts = new int[1024];
    for (int i = 0; i < 200 * 1024; i++) {
      counts[Key.of(Integer.toString(i)).partition()]++;
    }
    assertThat(IntStream.of(counts)).allMatch(count -> count > 100 && count < 300);
  }

  @Test
  void shard_keysOfOnePartition_spreadOverAllShards() throws KeyException {
    boolean[] seen = new boolean[4];
    for (int i = 0; i < 100_000; i++) {
      Key key = Key.of("k" + i);
      if (key.partition() == 7) {
        seen[key.shard(4)] = true;
      }
    }
    assertThat(seen).containsOnly(true);
  }

  @Test
  void of_outOfRange_refuses() {
    assertThatThrownBy(() -> Key.of("")).isInstanceOf(KeyException.class);
    assertThatThrownBy(() -> Key.of("k".repeat(8193)))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("at most 8192");
    assertThatThrownBy(() -> Key.of("\ud800")).isInstanceOf(KeyException.class);
    assertThatThrownBy(() -> Key.ofUtf8(new byte[] {'a', (byte) 0xff}))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("at byte 1");
  }

  @Test
  void of_longest_works() throws KeyException {
    assertThat(Key.of("k".repeat(8192)).length()).isEqualTo(8192);
  }

  private static boolean isUnicode(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }
}
