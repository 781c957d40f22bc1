package io.smache.node.store;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Applies a JSON merge patch (RFC 7396) in one pass over the target. What the patch does not touch
 * stays as it was written, byte for byte: {@code -0.0} and {@code 1E400} would not survive a
 * conversion. Of a member that the target has twice, a patch that replaces it leaves one; nothing
 * is merged into it, since readers do not agree which of them counts.
 */
final class MergePatch {
  private final byte[] target;
  private final byte[] patch;
  private final ByteArrayOutputStream out;

  /** What the patch says of one value. */
  private sealed interface Change {
    /** The value is the bytes of the patch from {@code from} to before {@code to}. */
    record Replace(int from, int to) implements Change {}

    /** The member is removed. */
    record Remove() implements Change {}

    /** The members of the object change so. */
    record Merge(Map<String, Change> members) implements Change {}
  }

  private MergePatch(byte[] target, byte[] patch) {
    this.target = target;
    this.patch = patch;
    out = new ByteArrayOutputStream(target.length + patch.length);
  }

  /**
   * Returns the patched target.
   *
   * @throws JsonValueException when one of them is not valid JSON
   */
  static byte[] apply(byte[] target, byte[] patch) throws JsonValueException {
    if (!JsonValue.isUtf8(target)) {
      throw new JsonValueException("the value is not in UTF-8, so nothing can be merged into it");
    }
    MergePatch merging = new MergePatch(target, patch);
    Change change = merging.readPatch();
    merging.writeResult(change);
    return merging.out.toByteArray();
  }

  private Change readPatch() throws JsonValueException {
    try (JsonParser parser = RawJson.FACTORY.createParser(patch)) {
      if (parser.nextToken() == null) {
        throw new JsonValueException("the merge patch is empty");
      }
      Change change = change(parser, parser.currentToken());
      requireEnd(parser);
      return change instanceof Change.Remove ? new Change.Replace(0, patch.length) : change;
    } catch (JsonProcessingException e) {
      throw new JsonValueException("the merge patch is not valid: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new IllegalStateException("an array of bytes cannot fail", e);
    }
  }

  private static Change change(JsonParser parser, @Nullable JsonToken token) throws IOException {
    if (token == JsonToken.START_OBJECT) {
      Map<String, Change> members = new LinkedHashMap<>();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        members.put(name, change(parser, parser.nextToken()));
      }
      return new Change.Merge(members);
    }
    int from = start(parser);
    int to = skip(parser);
    return token == JsonToken.VALUE_NULL ? new Change.Remove() : new Change.Replace(from, to);
  }

  private void writeResult(Change change) throws JsonValueException {
    try (JsonParser parser = RawJson.FACTORY.createParser(target)) {
      if (parser.nextToken() == null) {
        throw new JsonValueException("the value is empty, so nothing can be merged into it");
      }
      merge(parser, change);
      requireEnd(parser);
    } catch (JsonProcessingException e) {
      throw new JsonValueException("the value is not valid JSON, so nothing can be merged into it");
    } catch (IOException e) {
      throw new IllegalStateException("an array of bytes cannot fail", e);
    }
  }

  private static void requireEnd(JsonParser parser) throws IOException, JsonValueException {
    if (parser.nextToken() != null) {
      throw new JsonValueException("there is something after the end of the JSON text");
    }
  }

  /** Writes the value that the parser is at the start of, changed, and leaves it at its end. */
  private void merge(JsonParser parser, Change change) throws IOException, JsonValueException {
    if (change instanceof Change.Merge merge && parser.currentToken() == JsonToken.START_OBJECT) {
      mergeMembers(parser, merge.members());
    } else {
      skip(parser);
      write(change);
    }
  }

  private void mergeMembers(JsonParser parser, Map<String, Change> changes)
      throws IOException, JsonValueException {
    Set<String> touched = new HashSet<>();
    boolean first = true;
    int end = start(parser) + 1;
    out.write('{');
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      Change change = changes.get(parser.currentName());
      boolean again = change != null && !touched.add(parser.currentName());
      if (again && change instanceof Change.Merge) {
        throw new JsonValueException(
            "the value has '%s' twice, so nothing can be merged into it"
                .formatted(parser.currentName()));
      }
      parser.nextToken();
      int from = behindComma(end);
      int value = start(parser);
      if (again || change instanceof Change.Remove) {
        end = skip(parser);
        continue;
      }
      first = separate(first);
      if (change == null) {
        end = skip(parser);
        out.write(target, from, end - from);
      } else {
        out.write(target, from, value - from);
        merge(parser, change);
        end = end(parser);
      }
    }
    for (Map.Entry<String, Change> member : changes.entrySet()) {
      if (!touched.contains(member.getKey()) && !(member.getValue() instanceof Change.Remove)) {
        first = separate(first);
        writeMember(member.getKey(), member.getValue());
      }
    }
    out.write(target, end, start(parser) - end);
    out.write('}');
  }

  private boolean separate(boolean first) {
    if (!first) {
      out.write(',');
    }
    return false;
  }

  /** Returns where the text of the next member begins: behind the comma, if one is there. */
  private int behindComma(int end) {
    int at = end;
    while (target[at] != ',' && target[at] != '"') {
      at++;
    }
    return target[at] == ',' ? at + 1 : end;
  }

  private void write(Change change) {
    if (change instanceof Change.Replace replace) {
      out.write(patch, replace.from(), replace.to() - replace.from());
    } else if (change instanceof Change.Merge merge) {
      out.write('{');
      boolean first = true;
      for (Map.Entry<String, Change> member : merge.members().entrySet()) {
        if (!(member.getValue() instanceof Change.Remove)) {
          first = separate(first);
          writeMember(member.getKey(), member.getValue());
        }
      }
      out.write('}');
    }
  }

  private void writeMember(String name, Change change) {
    out.write('"');
    out.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(name));
    out.write('"');
    out.write(':');
    write(change);
  }

  private static int start(JsonParser parser) {
    return (int) parser.currentTokenLocation().getByteOffset();
  }

  private static int end(JsonParser parser) {
    return (int) parser.currentLocation().getByteOffset();
  }

  /** Goes to the end of the value that the parser is at the start of, and returns where that is. */
  private static int skip(JsonParser parser) throws IOException {
    parser.skipChildren();
    parser.finishToken();
    return end(parser);
  }
}
