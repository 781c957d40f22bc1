package io.smache.node.store;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What an entry is found by: a text, of which the decimal integers are the integers (seed,
 * "Caveats"). Since the text {@code 1} is the integer 1 and no other text is, the UTF-8 bytes of
 * the text are the whole identity: {@code aa} and {@code 24929} are two keys although both
 * normalize to 24,929.
 *
 * <p>Immutable and thread-safe.
 */
public final class Key implements Comparable<Key> {
  /** The longest key, in bytes of UTF-8. */
  public static final int MAX_BYTES = 8192;

  private static final int PARTITION_BITS = 10;

  private final byte[] utf8;
  private final long mix;

  private Key(byte[] utf8) {
    this.utf8 = utf8;
    this.mix = Normalization.mix(utf8);
  }

  /**
   * Returns the key of that text.
   *
   * @throws KeyException when it is empty, too long or no valid Unicode
   */
  public static Key of(String text) throws KeyException {
    if (!hasSurrogate(text)) {
      return checked(text.getBytes(StandardCharsets.UTF_8));
    }
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] utf8 = new byte[bytes.remaining()];
      bytes.get(utf8);
      return checked(utf8);
    } catch (CharacterCodingException e) {
      throw new KeyException("key is not valid Unicode: it has half of a surrogate pair", e);
    }
  }

  private static boolean hasSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the key of that UTF-8 text.
   *
   * @param utf8 is taken, not copied: the caller must not change it afterwards
   * @throws KeyException when it is empty, too long or no valid UTF-8
   */
  public static Key ofUtf8(byte[] utf8) throws KeyException {
    int malformed = Utf8.malformedAt(utf8);
    if (malformed >= 0) {
      throw new KeyException("key is not valid UTF-8 at byte " + malformed);
    }
    return checked(utf8);
  }

  private static Key checked(byte[] utf8) throws KeyException {
    if (utf8.length == 0) {
      throw new KeyException("key is empty");
    }
    if (utf8.length > MAX_BYTES) {
      throw new KeyException(
          "key has %d bytes but at most %d are allowed".formatted(utf8.length, MAX_BYTES));
    }
    return new Key(utf8);
  }

  /** Returns the integer that the seed makes of this key: itself, or its bytes read big-endian. */
  public BigInteger normalized() {
    return Normalization.normalize(utf8);
  }

  /** Returns the partition of the cluster that this key belongs to, 0 to 1023. */
  public int partition() {
    return (int) (mix >>> (Long.SIZE - PARTITION_BITS));
  }

  /**
   * Returns the shard of a node that this key belongs to, 0 to limit - 1. It depends on other bits
   * than the partition, so that the keys of one partition spread over all shards.
   */
  public int shard(int limit) {
    return (int) (((mix & 0xffffffffL) * limit) >>> Integer.SIZE);
  }

  /** Returns a copy of the UTF-8 bytes of the text. */
  public byte[] utf8() {
    return utf8.clone();
  }

  /** Returns how many bytes of UTF-8 the key has. */
  public int length() {
    return utf8.length;
  }

  /** Orders by the mixed bits first, so that a range of keys is a range of partitions. */
  @Override
  public int compareTo(Key other) {
    int byMix = Long.compareUnsigned(mix, other.mix);
    return byMix != 0 ? byMix : Arrays.compareUnsigned(utf8, other.utf8);
  }

  /**
   * Returns the beginning of this key, to be looked up as a prefix; it may end within a character.
   *
   * @param length in bytes, from 1 to that of the key
   */
  Key prefix(int length) {
    return length == utf8.length ? this : new Key(Arrays.copyOf(utf8, length));
  }

  /** Returns whether the text begins with that of the other key. */
  public boolean startsWith(Key prefix) {
    return utf8.length >= prefix.utf8.length
        && Arrays.equals(utf8, 0, prefix.utf8.length, prefix.utf8, 0, prefix.utf8.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Key key && mix == key.mix && Arrays.equals(utf8, key.utf8);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(mix);
  }

  /** Returns the text of the key. */
  @Override
  public String toString() {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
