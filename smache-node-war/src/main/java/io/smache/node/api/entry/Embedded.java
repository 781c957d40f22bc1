package io.smache.node.api.entry;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.smache.node.api.message.Representation;
import io.smache.node.store.JsonValue;
import io.smache.node.store.Snapshot;
import io.smache.node.store.Utf8;
import io.smache.protocol.message.Json;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Values inside of a JSON text. */
public final class Embedded {
  private Embedded() {}

  /** Returns whether the bytes are one JSON text, which can be embedded as it is. */
  public static boolean isJson(Snapshot entry) {
    return entry.format().wellFormed()
        || (entry.format().isJson()
            && entry.format().encoding() == null
            && JsonValue.isWellFormed(entry.value()));
  }

  /**
   * Returns any value as JSON, for the simple API: JSON as it is, other text as a string, other
   * bytes as a string of base64.
   *
   * @param limit the most bytes of a value, decoded
   */
  public static byte[] json(Snapshot entry, int limit) {
    if (isJson(entry)) {
      return entry.value();
    }
    byte[] plain = Representation.of(entry, false, false, limit).bytes();
    if (entry.format().isJson() && JsonValue.isWellFormed(plain)) {
      return plain;
    }
    String text =
        Utf8.malformedAt(plain) < 0
            ? new String(plain, StandardCharsets.UTF_8)
            : Base64.getEncoder().encodeToString(plain);
    try {
      return Json.MAPPER.writeValueAsBytes(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
