package io.smache.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
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

  /** A text whose bytes are those of an integer. */
  @ParameterizedTest
  @MethodSource("seeds")
  void partition_integer_dependsOnNothingButTheInteger(long seed) throws KeyException {
    Random random = new Random(seed);
    byte[] bytes = new byte[1 + random.nextInt(16)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) ('A' + random.nextInt(58));
    }
    Key text = Key.of(new String(bytes, StandardCharsets.US_ASCII));
    Key number = Key.of(new BigInteger(1, bytes).toString());
    assertThat(text.normalized()).isEqualTo(number.normalized());
    assertThat(text.partition()).isEqualTo(number.partition());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void equals_anyTwoTexts_meansTheSameText(long seed) throws KeyException {
    Random random = new Random(seed);
    String one = text(random, 8);
    String other = random.nextInt(4) == 0 ? String.valueOf(one.toCharArray()) : text(random, 8);
    assertThat(Key.of(one).equals(Key.of(other))).isEqualTo(one.equals(other));
    assertThat(Key.of(one)).hasToString(one);
    assertThat(Key.ofUtf8(one.getBytes(StandardCharsets.UTF_8))).isEqualTo(Key.of(one));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void placement_anyKey_isInRange(long seed) throws KeyException {
    Random random = new Random(seed);
    Key key = Key.of(text(random, 40));
    int limit = 1 + random.nextInt(1 << random.nextInt(31));
    assertThat(key.partition()).isBetween(0, 1023);
    assertThat(key.shard(limit)).isBetween(0, limit - 1);
  }

  private static LongStream seeds() {
    return LongStream.range(0, 1000);
  }

  /** Of few characters, or of any that UTF-8 has. */
  private static String text(Random random, int most) {
    int bound = random.nextBoolean() ? 0x7f : Character.MAX_CODE_POINT + 1;
    return random
        .ints(1 + random.nextInt(most), 1, bound)
        .map(c -> Character.getType(c) == Character.SURROGATE ? 'x' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
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
}
