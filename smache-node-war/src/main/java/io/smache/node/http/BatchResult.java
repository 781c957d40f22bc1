package io.smache.node.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.smache.node.cache.Answer;
import io.smache.node.store.Outcome;
import io.smache.node.store.Snapshot;
import io.smache.node.store.Version;
import io.smache.protocol.http.Problem;
import jakarta.ws.rs.core.Response.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What came of an item of a batch. */
sealed interface BatchResult {
  /** It was tried. */
  record Done(Answer answer) implements BatchResult {}

  /** It was not. */
  record Refused(Problem problem) implements BatchResult {}

  /**
   * Writes a result as an object: {@code status}, and what the single request would have said.
   *
   * @param limit the most bytes of a value, decoded
   */
  static void write(BatchResult result, JsonGenerator json, int limit) throws IOException {
    json.writeStartObject();
    if (result instanceof Done done) {
      write(done.answer().outcome(), json, limit);
    } else if (result instanceof Refused refused) {
      problem(json, refused.problem().status(), refused.problem().detail());
    }
    json.writeEndObject();
  }

  private static void write(Outcome outcome, JsonGenerator json, int limit) throws IOException {
    if (outcome instanceof Outcome.Found found) {
      json.writeNumberField("status", Status.OK.getStatusCode());
      described(json, found.entry());
      value(json, found.entry(), limit);
    } else if (outcome instanceof Outcome.NotModified same) {
      json.writeNumberField("status", Status.NOT_MODIFIED.getStatusCode());
      described(json, same.entry());
    } else if (outcome instanceof Outcome.Stored stored) {
      Status status = stored.created() ? Status.CREATED : Status.NO_CONTENT;
      json.writeNumberField("status", status.getStatusCode());
      tag(json, stored.version());
    } else if (outcome instanceof Outcome.Removed) {
      json.writeNumberField("status", Status.NO_CONTENT.getStatusCode());
    } else if (outcome instanceof Outcome.Absent) {
      problem(json, Status.NOT_FOUND.getStatusCode(), "there is no such entry");
    } else {
      refusal(json, outcome);
    }
  }

  private static void refusal(JsonGenerator json, Outcome outcome) throws IOException {
    Refusal refusal =
        Refusal.of(outcome)
            .orElseGet(() -> new Refusal(Status.SERVICE_UNAVAILABLE, EntryReply.reason(outcome)));
    problem(json, refusal.status().getStatusCode(), refusal.detail());
  }

  private static void problem(JsonGenerator json, int status, String detail) throws IOException {
    json.writeNumberField("status", status);
    json.writeStringField("title", Status.fromStatusCode(status).getReasonPhrase());
    json.writeStringField("detail", detail);
  }

  private static void described(JsonGenerator json, Snapshot entry) throws IOException {
    tag(json, entry.version());
    json.writeStringField("type", entry.format().type());
    if (entry.ends()) {
      json.writeNumberField("ttl", Duration.seconds(Math.max(0, entry.left())));
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
    json.writeStringField("etag", Selection.tag(version));
  }

  /** JSON stands there as it was sent; anything else as base64. */
  private static void value(JsonGenerator json, Snapshot entry, int limit) throws IOException {
    if (Embedded.isJson(entry)) {
      json.writeFieldName("value");
      json.writeRawValue(new String(entry.value(), StandardCharsets.UTF_8));
    } else {
      json.writeBinaryField("base64", Selection.of(entry, false, false, limit).bytes());
    }
  }
}
