package io.smache.node.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** Values as JSON, for the operations that look into them. */
public final class JsonValue {
  /** Longer integers would hold the lock of a shard too long. */
  public static final int MAX_DIGITS = 10_000;

  /** The first byte of a byte order mark; no JSON text begins with it or a higher one. */
  private static final int FIRST_MARK = 0xef;

  private static final Pattern INTEGER =
      Pattern.compile("[ \t\r\n]*(-?(?:0|[1-9][0-9]*))[ \t\r\n]*");

  /** Keeps every number as it was written as far as JSON distinguishes them. */
  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxStringLength(Integer.MAX_VALUE)
                          .maxNumberLength(MAX_DIGITS)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private JsonValue() {}

  /**
   * Returns whether the bytes are UTF-8 to whoever parses JSON: by zeros or a mark at the start
   * they would be taken for another encoding (RFC 8259, section 8.1).
   */
  public static boolean isUtf8(byte[] text) {
    for (int i = 0; i < Math.min(text.length, Integer.BYTES); i++) {
      if (text[i] == 0) {
        return false;
      }
    }
    boolean marked = text.length > 0 && (text[0] & 0xff) >= FIRST_MARK;
    return !marked && Utf8.malformedAt(text) < 0;
  }

  /** Returns whether the bytes are one JSON text. */
  public static boolean isWellFormed(byte[] text) {
    if (!isUtf8(text)) {
      return false;
    }
    try (var parser = MAPPER.createParser(text)) {
      if (parser.nextToken() == null) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns the value without its content coding. */
  static byte[] plain(Entry entry) throws JsonValueException {
    if (entry.format().encoding() == null) {
      return entry.value();
    }
    try (GZIPInputStream decoding = new GZIPInputStream(new ByteArrayInputStream(entry.value()))) {
      return decoding.readAllBytes();
    } catch (IOException e) {
      throw new JsonValueException("the value is not what its content coding says");
    }
  }

  /** Applies a merge patch (RFC 7396, section 2). */
  static byte[] merge(byte[] target, byte[] patch) throws JsonValueException {
    JsonNode current;
    try {
      current = MAPPER.readTree(target);
    } catch (IOException e) {
      throw new JsonValueException("the value is not valid JSON, so nothing can be merged into it");
    }
    try {
      return MAPPER.writeValueAsBytes(merged(current, MAPPER.readTree(patch)));
    } catch (JsonProcessingException e) {
      throw new JsonValueException("the merge patch is not valid: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new IllegalStateException("an array of bytes cannot fail", e);
    }
  }

  private static JsonNode merged(JsonNode target, JsonNode patch) {
    if (!patch.isObject()) {
      return patch;
    }
    ObjectNode result =
        target.isObject() ? (ObjectNode) target : JsonNodeFactory.instance.objectNode();
    patch
        .properties()
        .forEach(
            member -> {
              if (member.getValue().isNull()) {
                result.remove(member.getKey());
              } else {
                JsonNode old = result.path(member.getKey());
                result.set(member.getKey(), merged(old, member.getValue()));
              }
            });
    return result;
  }

  /** Returns the integer that the value of the entry is. */
  static BigInteger integer(Entry entry) throws JsonValueException {
    byte[] text = plain(entry);
    var digits = INTEGER.matcher(new String(text, StandardCharsets.ISO_8859_1));
    if (text.length > MAX_DIGITS || !digits.matches()) {
      throw new JsonValueException(
          "the value is no JSON integer of at most " + MAX_DIGITS + " digits");
    }
    return new BigInteger(digits.group(1));
  }
}
