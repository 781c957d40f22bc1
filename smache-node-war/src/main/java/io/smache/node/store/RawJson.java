package io.smache.node.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.Arrays;

/** JSON whose values are kept byte for byte. Thread-safe. */
public final class RawJson {
  /** Deeper nesting costs its reader a stack; nothing else about a value is limited. */
  private static final int MAX_DEPTH = 1000;

  /**
   * Names of members are any client's choice: none is kept for good, none is one too many. And
   * Jackson's other limits protect who turns texts into objects, which nobody does here.
   */
  public static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private RawJson() {}

  /**
   * Returns the bytes of the value that the parser is at the start of, and leaves it at their end.
   *
   * @param text that the parser reads
   */
  public static byte[] cut(JsonParser parser, byte[] text) throws IOException {
    int from = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    parser.finishToken();
    return Arrays.copyOfRange(text, from, (int) parser.currentLocation().getByteOffset());
  }
}
