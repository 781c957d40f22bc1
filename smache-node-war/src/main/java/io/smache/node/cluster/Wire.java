package io.smache.node.cluster;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.smache.node.store.Command;
import io.smache.node.store.Delete;
import io.smache.node.store.Get;
import io.smache.node.store.Increment;
import io.smache.node.store.Key;
import io.smache.node.store.Numbered;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import io.smache.node.store.Patch;
import io.smache.node.store.Put;
import io.smache.protocol.PartitionTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The wire format between nodes: the records of the core as CBOR (RFC 8949). Unknown members of
 * newer versions are ignored. Thread-safe.
 */
public final class Wire {
  /** Media type of the bodies. */
  public static final String MEDIA_TYPE = "application/cbor";

  private static final ObjectMapper MAPPER =
      CBORMapper.builder(
              CBORFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxStringLength(Integer.MAX_VALUE)
                          .maxNumberLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .addMixIn(Key.class, KeyForm.class)
          .addMixIn(Operation.class, OperationForm.class)
          .addMixIn(Outcome.class, OutcomeForm.class)
          .addMixIn(Command.class, CommandForm.class)
          .addMixIn(Command.Result.class, ResultForm.class)
          .build();

  private Wire() {}

  /**
   * Operations in their order.
   *
   * @param waits whether to wait for entries that have not arrived; else the outcome is {@link
   *     Outcome.Later}
   * @param given the entries that the sender, their old owner, still has; or null
   */
  public record Operations(
      List<Operation> operations, boolean waits, Command.@Nullable PushChunks given) {}

  /** The outcomes of operations, in order. */
  public record Outcomes(List<Outcome> outcomes) {}

  /** The table in force at a node. */
  public record Table(PartitionTable table) {}

  /** A command. */
  public record Order(Command command) {}

  /** Returns the bytes of a message. */
  public static byte[] write(Record message) {
    try {
      return MAPPER.writeValueAsBytes(message);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a message.
   *
   * @throws IOException when they are none
   */
  public static <T extends Record> T read(byte[] bytes, Class<T> type) throws IOException {
    return MAPPER.readValue(bytes, type);
  }

  private abstract static class KeyForm {
    @SuppressWarnings({"unused", "DoNotCallSuggester"}) // stands for the method of Key
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Key ofUtf8(byte[] utf8) {
      throw new UnsupportedOperationException();
    }

    @JsonValue
    abstract byte[] utf8();
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Get.class, name = "get"),
    @JsonSubTypes.Type(value = Put.class, name = "put"),
    @JsonSubTypes.Type(value = Delete.class, name = "delete"),
    @JsonSubTypes.Type(value = Patch.class, name = "patch"),
    @JsonSubTypes.Type(value = Increment.class, name = "increment"),
    @JsonSubTypes.Type(value = Numbered.class, name = "numbered")
  })
  private interface OperationForm {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Outcome.Found.class, name = "found"),
    @JsonSubTypes.Type(value = Outcome.NotModified.class, name = "not-modified"),
    @JsonSubTypes.Type(value = Outcome.Absent.class, name = "absent"),
    @JsonSubTypes.Type(value = Outcome.Stored.class, name = "stored"),
    @JsonSubTypes.Type(value = Outcome.Removed.class, name = "removed"),
    @JsonSubTypes.Type(value = Outcome.PreconditionFailed.class, name = "precondition-failed"),
    @JsonSubTypes.Type(value = Outcome.Conflict.class, name = "conflict"),
    @JsonSubTypes.Type(value = Outcome.Unsupported.class, name = "unsupported"),
    @JsonSubTypes.Type(value = Outcome.TooLarge.class, name = "too-large"),
    @JsonSubTypes.Type(value = Outcome.NotOwned.class, name = "not-owned"),
    @JsonSubTypes.Type(value = Outcome.Later.class, name = "later"),
    @JsonSubTypes.Type(value = Outcome.Unavailable.class, name = "unavailable")
  })
  private interface OutcomeForm {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Command.Invalidate.class, name = "invalidate"),
    @JsonSubTypes.Type(value = Command.Configure.class, name = "configure"),
    @JsonSubTypes.Type(value = Command.Count.class, name = "count"),
    @JsonSubTypes.Type(value = Command.Page.class, name = "page"),
    @JsonSubTypes.Type(value = Command.Look.class, name = "look"),
    @JsonSubTypes.Type(value = Command.FetchEntries.class, name = "fetch"),
    @JsonSubTypes.Type(value = Command.PushChunks.class, name = "push")
  })
  private interface CommandForm {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Command.Result.Done.class, name = "done"),
    @JsonSubTypes.Type(value = Command.Result.Known.class, name = "known"),
    @JsonSubTypes.Type(value = Command.Result.Counted.class, name = "counted"),
    @JsonSubTypes.Type(value = Command.Result.Paged.class, name = "paged"),
    @JsonSubTypes.Type(value = Command.Result.Condition.class, name = "condition"),
    @JsonSubTypes.Type(value = Command.Result.Fetched.class, name = "fetched"),
    @JsonSubTypes.Type(value = Command.Result.Pushed.class, name = "pushed")
  })
  private interface ResultForm {}
}
