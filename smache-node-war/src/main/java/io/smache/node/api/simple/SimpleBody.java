package io.smache.node.api.simple;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.node.store.RawJson;
import io.smache.node.store.Utf8;
import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The body of the simple {@code POST /api}: {@code {"key":K,"data":D}}. D is cut out of the body
 * byte for byte, so that no number, escape or order of members changes.
 *
 * @param data bytes of the value
 */
@SuppressWarnings("ArrayRecordComponent") // a message, never compared
record SimpleBody(Key key, byte[] data) {
  /**
   * Reads a body.
   *
   * @throws ProblemException 400 saying what is wrong with it and where
   * @throws NullKeyException when it has no key
   * @throws KeyException when its key can be none
   */
  static SimpleBody parse(byte[] body) throws KeyException {
    refuseZeros(body);
    int malformed = Utf8.malformedAt(body);
    if (malformed >= 0) {
      throw bad("the body is not valid UTF-8", malformed);
    }
    try (JsonParser parser = RawJson.FACTORY.createParser(body)) {
      return new Reader(parser, body).read();
    } catch (JsonProcessingException e) {
      throw bad("the body is not valid JSON: " + e.getOriginalMessage(), offset(e));
    } catch (IOException e) {
      throw new IllegalStateException("an array of bytes cannot fail", e);
    }
  }

  /** By zeros at the start Jackson would take the body for UTF-16 or UTF-32, and read it so. */
  private static void refuseZeros(byte[] body) {
    for (int i = 0; i < Math.min(body.length, Integer.BYTES); i++) {
      if (body[i] == 0) {
        throw bad("the body is not valid JSON in UTF-8", i);
      }
    }
  }

  private static long offset(JsonProcessingException e) {
    return e instanceof JsonParseException && e.getLocation() != null
        ? e.getLocation().getByteOffset()
        : 0;
  }

  private static ProblemException bad(String what, long offset) {
    return new ProblemException(Status.BAD_REQUEST, what + ", at byte " + offset);
  }

  /** Walks once through the members of the body. */
  private static final class Reader {
    private final JsonParser parser;
    private final byte[] body;
    private boolean keySeen;
    private @Nullable String key;
    private byte @Nullable [] data;

    Reader(JsonParser parser, byte[] body) {
      this.parser = parser;
      this.body = body;
    }

    SimpleBody read() throws IOException, KeyException {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw bad("the body is empty; it must be a JSON object", 0);
      }
      if (first != JsonToken.START_OBJECT) {
        throw bad("the body must be a JSON object", start());
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        member(parser.currentName());
      }
      if (parser.nextToken() != null) {
        throw bad("the body has something after its object", start());
      }
      return complete();
    }

    private SimpleBody complete() throws KeyException {
      Key wanted = SimpleKey.of(key);
      if (data == null) {
        throw bad("the body has no member data", body.length);
      }
      return new SimpleBody(wanted, data);
    }

    private void member(String name) throws IOException {
      JsonToken value = parser.nextToken();
      switch (name) {
        case "key" -> readKey(value);
        case "data" -> readData();
        default -> parser.skipChildren();
      }
    }

    private void readKey(JsonToken value) throws IOException {
      if (keySeen) {
        throw bad("the member key is given twice", start());
      }
      keySeen = true;
      key =
          switch (value) {
            case VALUE_NULL -> null;
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> integer(parser.getText());
            default -> throw bad("the member key must be a string or an integer", start());
          };
    }

    /** JSON knows a negative zero; the integers do not. */
    private static String integer(String digits) {
      return digits.equals("-0") ? "0" : digits;
    }

    private void readData() throws IOException {
      if (data != null) {
        throw bad("the member data is given twice", start());
      }
      data = RawJson.cut(parser, body);
    }

    private long start() {
      return parser.currentTokenLocation().getByteOffset();
    }
  }
}
