package io.smache.node.api.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.smache.node.api.message.Content;
import io.smache.node.api.message.Fields;
import io.smache.node.api.message.Groups;
import io.smache.node.api.message.Parameters;
import io.smache.node.api.message.TimeSpan;
import io.smache.node.store.Delete;
import io.smache.node.store.EntityTags;
import io.smache.node.store.Format;
import io.smache.node.store.Get;
import io.smache.node.store.Increment;
import io.smache.node.store.JsonValue;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.node.store.LifetimeSpec;
import io.smache.node.store.Operation;
import io.smache.node.store.Patch;
import io.smache.node.store.Preconditions;
import io.smache.node.store.Put;
import io.smache.node.store.RawJson;
import io.smache.protocol.message.Json;
import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One item of a batch: the members of a JSON object. The value is cut out byte for byte. */
final class BatchItem {
  private static final String VALUE = "value";
  private static final String BASE64 = "base64";
  private static final Set<String> MEMBERS =
      Set.of(
          "op",
          "key",
          VALUE,
          BASE64,
          "type",
          "ttl",
          "idle",
          "stale",
          "keep",
          "groups",
          "by",
          "initial",
          "ifMatch",
          "ifNoneMatch");

  /** Members that must not be empty. */
  private static final Set<String> NEEDED = Set.of("op", "key");

  private static final Set<String> EMPTY_VALUES = Set.of("null", "\"\"", "[]");
  private static final Set<String> COMMON = Set.of("op", "key", "ifMatch", "ifNoneMatch");
  private static final Map<String, Set<String>> TAKEN =
      Map.of(
          "get", Set.of(),
          "delete", Set.of(),
          "put", Set.of(VALUE, BASE64, "type", "ttl", "idle", "stale", "keep", "groups"),
          "touch", Set.of("ttl", "idle", "stale", "groups"),
          "increment", Set.of("by", "initial", "ttl", "idle", "stale"));

  /** A longer number takes too long to parse. */
  private static final int MAX_DIGITS = JsonValue.MAX_DIGITS;

  private final Map<String, JsonNode> members = new HashMap<>();
  private byte @Nullable [] value;
  private @Nullable String wrong;

  private BatchItem() {}

  /**
   * Reads the object that the parser is at. Problems of its members are reported by {@link
   * #operation}, so that a malformed item fails alone.
   *
   * @param text that the parser reads
   * @throws IOException when the text is not JSON
   */
  static BatchItem read(JsonParser parser, byte[] text) throws IOException {
    BatchItem item = new BatchItem();
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      item.wrong = "an item must be a JSON object";
      parser.skipChildren();
      return item;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      item.member(parser, text);
    }
    return item;
  }

  private void member(JsonParser parser, byte[] text) throws IOException {
    String name = parser.currentName();
    parser.nextToken();
    boolean longNumber = parser.currentToken().isNumeric() && parser.getTextLength() > MAX_DIGITS;
    if (name.equals(VALUE) && value != null) {
      wrong = "the member 'value' is given twice";
      parser.skipChildren();
    } else if (!name.equals(VALUE) && longNumber) {
      wrong = "the member '%s' has more than %d digits".formatted(name, MAX_DIGITS);
    } else if (!MEMBERS.contains(name)) {
      wrong = "the member '%s' is unknown".formatted(name);
      parser.skipChildren();
    } else if (name.equals(VALUE)) {
      value = RawJson.cut(parser, text);
    } else if (members.put(name, node(parser)) != null) {
      wrong = "the member '%s' is given twice".formatted(name);
    }
  }

  /** Most members are texts, for which the mapper takes longer. */
  private static JsonNode node(JsonParser parser) throws IOException {
    return parser.currentToken() == JsonToken.VALUE_STRING
        ? TextNode.valueOf(parser.getText())
        : Json.MAPPER.readTree(parser);
  }

  /**
   * Returns the operation.
   *
   * @throws ProblemException 400 when it cannot be had
   * @throws KeyException when the key can be none
   */
  Operation operation(String cache) throws KeyException {
    if (wrong != null) {
      throw bad(wrong);
    }
    String op = text("op", "");
    leaveOutEmpty(op);
    Key key = key();
    refuseOthers(op);
    Preconditions preconditions = preconditions();
    return switch (op) {
      case "get" -> Get.embedded(cache, key, preconditions);
      case "put" -> put(cache, key, preconditions);
      case "delete" -> new Delete(cache, key, preconditions, List.of());
      case "touch" -> new Patch(cache, key, null, groups(), lifetime(), preconditions, List.of());
      case "increment" ->
          new Increment(
              cache,
              key,
              integer("by", 1),
              integer("initial", 0),
              lifetime(),
              preconditions,
              List.of());
      default ->
          throw bad(
              "the member op is '%s' but must be get, put, delete, increment or touch"
                  .formatted(op));
    };
  }

  /** Generated clients send a member that was not set as null, or as an empty text or list. */
  private void leaveOutEmpty(String op) {
    boolean put = op.equals("put");
    boolean emptyBytes = put && value == null && members.get(BASE64) instanceof TextNode;
    members
        .entrySet()
        .removeIf(
            each ->
                !NEEDED.contains(each.getKey())
                    && isEmpty(each.getValue())
                    && !(emptyBytes && each.getKey().equals(BASE64)));
    boolean stored = put && !members.containsKey(BASE64);
    if (!stored && value != null && EMPTY_VALUES.contains(new String(value, UTF_8))) {
      value = null;
    }
  }

  private static boolean isEmpty(JsonNode member) {
    return member.isNull()
        || (member.isTextual() && member.textValue().isEmpty())
        || (member.isArray() && member.isEmpty());
  }

  private void refuseOthers(String op) {
    Set<String> taken = TAKEN.getOrDefault(op, MEMBERS);
    Set<String> others = null;
    for (String member : members.keySet()) {
      if (!COMMON.contains(member) && !taken.contains(member)) {
        others = others == null ? new TreeSet<>() : others;
        others.add(member);
      }
    }
    if (others == null && value != null && !taken.contains(VALUE)) {
      others = Set.of(VALUE);
    }
    if (others != null) {
      String first = others.iterator().next();
      throw bad("the member '%s' is not allowed for op '%s'".formatted(first, op));
    }
  }

  private Put put(String cache, Key key, Preconditions preconditions) {
    List<String> groups = groups();
    JsonNode base64 = members.get(BASE64);
    if ((value == null) == (base64 == null)) {
      throw bad("a put needs the member value or the member base64, and not both");
    }
    byte[] bytes = value == null ? decoded(text(BASE64, "")) : value;
    return new Put(
        cache,
        key,
        bytes,
        format(value != null),
        groups == null ? List.of() : groups,
        replacing(),
        preconditions,
        List.of());
  }

  private Format format(boolean json) {
    String type = text("type", json ? Format.JSON.type() : Format.BYTES.type());
    Format format = Format.of(Content.checked("the member type", type), null);
    return json && format.type().equals(Format.JSON.type()) ? Format.JSON : format;
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw bad("the member base64 is not base64 (RFC 4648, section 4)");
    }
  }

  private Key key() throws KeyException {
    JsonNode key = members.get("key");
    if (key == null || !(key.isTextual() || key.isIntegralNumber())) {
      throw bad("the member key must be a string or an integer");
    }
    return Key.of(key.asText());
  }

  private Preconditions preconditions() {
    EntityTags ifMatch = tags("ifMatch");
    EntityTags ifNoneMatch = tags("ifNoneMatch");
    return ifMatch == null && ifNoneMatch == null
        ? Preconditions.NONE
        : new Preconditions(ifMatch, ifNoneMatch, null, null);
  }

  private @Nullable EntityTags tags(String name) {
    return members.containsKey(name) ? Fields.tags(text(name, ""), "the member " + name) : null;
  }

  private LifetimeSpec lifetime() {
    return new LifetimeSpec(millis("ttl"), millis("idle"), millis("stale"));
  }

  private LifetimeSpec replacing() {
    return members.containsKey("keep")
        ? Parameters.kept("the member keep", text("keep", ""), lifetime())
        : lifetime();
  }

  private @Nullable Long millis(String name) {
    JsonNode member = members.get(name);
    return member == null
        ? null
        : TimeSpan.parse(member.asText(), "the member " + name, TimeSpan.MAX_LIFE);
  }

  private @Nullable List<String> groups() {
    JsonNode member = members.get("groups");
    if (member == null) {
      return null;
    }
    List<String> groups = new ArrayList<>();
    for (JsonNode group : member) {
      if (!group.isTextual()) {
        throw bad("the member groups must be an array of strings");
      }
      groups.add(group.textValue());
    }
    if (!member.isArray()) {
      throw bad("the member groups must be an array of strings");
    }
    return Groups.checked("the member groups", groups);
  }

  private BigInteger integer(String name, long absent) {
    JsonNode member = members.get(name);
    if (member == null) {
      return BigInteger.valueOf(absent);
    }
    return Parameters.integer("the member " + name, member.asText());
  }

  private String text(String name, String absent) {
    JsonNode member = members.get(name);
    if (member == null) {
      return absent;
    }
    if (!member.isTextual()) {
      throw bad("the member %s must be a string".formatted(name));
    }
    return member.textValue();
  }

  private static ProblemException bad(String detail) {
    return new ProblemException(Status.BAD_REQUEST, detail);
  }
}
