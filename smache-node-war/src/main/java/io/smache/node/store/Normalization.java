package io.smache.node.store;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * The seed's way from a key to an integer, and from there to 64 well-mixed bits. An integer
 * normalizes to itself, any other text to its bytes as a big-endian unsigned integer.
 */
final class Normalization {
  /** Any decimal integer of up to so many characters fits into a long. */
  private static final int LONG_DIGITS = 18;

  private static final long WORD_FACTOR = 0x9e3779b97f4a7c15L;
  private static final long NEGATIVE = 0x5851f42d4c957f2dL;

  private Normalization() {}

  static BigInteger normalize(byte[] utf8) {
    return isInteger(utf8)
        ? new BigInteger(new String(utf8, StandardCharsets.US_ASCII))
        : new BigInteger(1, utf8);
  }

  /** Returns whether the bytes are a decimal integer in its only form: no sign +, no leading 0. */
  static boolean isInteger(byte[] utf8) {
    int first = utf8[0] == '-' ? 1 : 0;
    if (first == utf8.length || (utf8[first] == '0' && utf8.length > 1)) {
      return false;
    }
    for (int i = first; i < utf8.length; i++) {
      if (utf8[i] < '0' || utf8[i] > '9') {
        return false;
      }
    }
    return true;
  }

  /** Returns 64 mixed bits of the normalized integer; equal integers have equal bits. */
  static long mix(byte[] utf8) {
    if (!isInteger(utf8)) {
      return mixMagnitude(utf8, 0);
    }
    if (utf8.length <= LONG_DIGITS) {
      return mixLong(parse(utf8));
    }
    BigInteger integer = normalize(utf8);
    return mixMagnitude(integer.abs().toByteArray(), integer.signum() < 0 ? NEGATIVE : 0);
  }

  private static long mixLong(long integer) {
    return finish(Math.abs(integer) ^ (integer < 0 ? NEGATIVE : 0));
  }

  private static long parse(byte[] digits) {
    boolean negative = digits[0] == '-';
    long integer = 0;
    for (int i = negative ? 1 : 0; i < digits.length; i++) {
      integer = integer * 10 + (digits[i] - '0');
    }
    return negative ? -integer : integer;
  }

  /** Folds eight bytes at a time from the low end; zeros in front change nothing. */
  private static long mixMagnitude(byte[] bigEndian, long seed) {
    int first = 0;
    while (first < bigEndian.length - 1 && bigEndian[first] == 0) {
      first++;
    }
    long mixed = seed;
    int end = bigEndian.length;
    while (end - first > Long.BYTES) {
      end -= Long.BYTES;
      mixed = finish(mixed ^ word(bigEndian, end, end + Long.BYTES)) * WORD_FACTOR;
    }
    return finish(mixed ^ word(bigEndian, first, end));
  }

  private static long word(byte[] bytes, int from, int to) {
    long word = 0;
    for (int i = from; i < to; i++) {
      word = word << Byte.SIZE | (bytes[i] & 0xff);
    }
    return word;
  }

  /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014; variant 13 of D. Stafford). */
  private static long finish(long bits) {
    long z = bits + WORD_FACTOR;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
