package io.smache.node.api.batch;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import io.smache.node.api.entry.Embedded;
import io.smache.node.api.entry.Refusal;
import io.smache.node.api.message.Representation;
import io.smache.node.api.message.TimeSpan;
import io.smache.node.engine.Answer;
import io.smache.node.store.Outcome;
import io.smache.node.store.Snapshot;
import io.smache.node.store.Version;
import io.smache.protocol.message.Problem;
import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import java.io.IOException;
import java.io.OutputStream;

/** The result of an item of a batch. */
sealed interface BatchResult {
  /** Names of members, encoded once. */
  SerializedString STATUS = new SerializedString("status");

  SerializedString ETAG = new SerializedString("etag");
  SerializedString TYPE = new SerializedString("type");
  SerializedString VALUE = new SerializedString("value");

  /** It was tried. */
  record Done(Answer answer) implements BatchResult {}

  /** It was not. */
  record Refused(Problem problem) implements BatchResult {}

  /**
   * Writes a result as an object: {@code status}, and what the response to a single request has.
   *
   * @param limit the most bytes of a value, decoded
   */
  static void write(BatchResult result, JsonGenerator json, int limit) throws IOException {
    json.writeStartObject();
    if (result instanceof Done done) {
      write(done.answer().outcome(), json, limit);
    } else if (result instanceof Refused refused) {
      problem(json, refused.problem());
    }
    json.writeEndObject();
  }

  private static void write(Outcome outcome, JsonGenerator json, int limit) throws IOException {
    if (outcome instanceof Outcome.Found found) {
      found(json, found.entry(), limit);
    } else if (outcome instanceof Outcome.NotModified same) {
      status(json, Status.NOT_MODIFIED.code());
      described(json, same.entry());
    } else if (outcome instanceof Outcome.Stored stored) {
      status(json, (stored.created() ? Status.CREATED : Status.NO_CONTENT).code());
      tag(json, stored.version());
    } else if (outcome instanceof Outcome.Removed) {
      status(json, Status.NO_CONTENT.code());
    } else if (outcome instanceof Outcome.Absent) {
      problem(json, Status.NOT_FOUND, "there is no such entry");
    } else {
      refusal(json, outcome);
    }
  }

  private static void status(JsonGenerator json, int code) throws IOException {
    json.writeFieldName(STATUS);
    json.writeNumber(code);
  }

  private static void refusal(JsonGenerator json, Outcome outcome) throws IOException {
    Refusal refusal = Refusal.of(outcome);
    problem(json, refusal.status(), refusal.detail());
  }

  private static void problem(JsonGenerator json, Status status, String detail) throws IOException {
    problem(json, new Problem(status, detail));
  }

  private static void problem(JsonGenerator json, Problem problem) throws IOException {
    status(json, problem.status());
    json.writeStringField("title", problem.title());
    json.writeStringField("detail", problem.detail());
  }

  private static void described(JsonGenerator json, Snapshot entry) throws IOException {
    tag(json, entry.version());
    json.writeFieldName(TYPE);
    json.writeString(entry.format().type());
    if (entry.ends()) {
      json.writeNumberField("ttl", TimeSpan.seconds(Math.max(0, entry.left())));
    }
    if (!entry.groups().isEmpty()) {
      json.writeArrayFieldStart("groups");
      for (String group : entry.groups()) {
        json.writeString(group);
      }
      json.writeEndArray();
    }
  }

  private static void tag(JsonGenerator json, Version version) throws IOException {
    json.writeFieldName(ETAG);
    json.writeString(Representation.tag(version));
  }

  /**
   * JSON is written as it was stored; anything else as base64, unless it is too long when decoded.
   */
  private static void found(JsonGenerator json, Snapshot entry, int limit) throws IOException {
    boolean raw = Embedded.isJson(entry);
    byte[] bytes;
    try {
      bytes = raw ? entry.value() : Representation.of(entry, false, false, limit).bytes();
    } catch (ProblemException e) {
      problem(json, e.problem());
      return;
    }
    status(json, Status.OK.code());
    described(json, entry);
    if (raw) {
      json.writeFieldName(VALUE);
      raw(json, bytes);
    } else {
      json.writeBinaryField("base64", bytes);
    }
  }

  /** A generator decodes bytes and encodes them again. */
  private static void raw(JsonGenerator json, byte[] text) throws IOException {
    json.writeRawValue("");
    json.flush();
    ((OutputStream) json.getOutputTarget()).write(text);
  }
}
