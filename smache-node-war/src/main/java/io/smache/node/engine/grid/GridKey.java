package io.smache.node.engine.grid;

import io.smache.node.store.EntryId;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes by which a grid finds an entry: partition, name of the cache, key. */
final class GridKey {
  private static final int HEAD = 2 * Short.BYTES;

  private GridKey() {}

  static byte[] of(EntryId id) {
    return of(id.key().partition(), id.cache(), id.key().utf8());
  }

  /** Returns the beginning that all keys of a cache in a partition share. */
  static byte[] prefix(int partition, String cache) {
    return of(partition, cache, new byte[0]);
  }

  private static byte[] of(int partition, String cache, byte[] key) {
    byte[] name = cache.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(HEAD + name.length + key.length)
        .putShort((short) partition)
        .putShort((short) name.length)
        .put(name)
        .put(key)
        .array();
  }

  static int partition(byte[] bytes) {
    return ByteBuffer.wrap(bytes).getShort();
  }

  static boolean startsWith(byte[] bytes, byte[] prefix) {
    return bytes.length > prefix.length
        && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
  }

  /** Returns the entry of the bytes that {@link #of} returned. */
  static EntryId id(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes, Short.BYTES, bytes.length - Short.BYTES);
    byte[] name = new byte[in.getShort()];
    in.get(name);
    byte[] key = new byte[in.remaining()];
    in.get(key);
    try {
      return new EntryId(new String(name, StandardCharsets.UTF_8), Key.ofUtf8(key));
    } catch (KeyException e) {
      throw new IllegalArgumentException("a malformed key in the grid", e);
    }
  }
}
