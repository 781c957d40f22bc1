package io.smache.node.api.simple;

import io.smache.node.api.entry.EntryAddress;
import io.smache.node.api.message.Query;
import io.smache.node.api.message.Request;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The key of a request to the simple API, which refuses the empty one and {@code null}. */
public final class SimpleKey {
  private static final String NULL = "null";
  private static final byte[] NULL_BYTES = NULL.getBytes(StandardCharsets.UTF_8);

  private SimpleKey() {}

  /**
   * Returns the key of the query.
   *
   * @throws NullKeyException when there is none
   * @throws KeyException when it can be none
   */
  public static Key of(Request request) throws KeyException {
    byte[] utf8 = Query.of(request).bytes(EntryAddress.KEY).orElse(NULL_BYTES);
    if (utf8.length == 0 || Arrays.equals(utf8, NULL_BYTES)) {
      throw new NullKeyException();
    }
    return Key.ofUtf8(utf8);
  }

  /**
   * Returns the key of that text.
   *
   * @throws NullKeyException when there is none
   * @throws KeyException when it can be none
   */
  static Key of(@Nullable String text) throws KeyException {
    if (text == null || text.isEmpty() || text.equals(NULL)) {
      throw new NullKeyException();
    }
    return Key.of(text);
  }
}
