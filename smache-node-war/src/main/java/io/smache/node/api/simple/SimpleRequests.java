package io.smache.node.api.simple;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.smache.node.api.entry.Embedded;
import io.smache.node.api.entry.EntryReply;
import io.smache.node.api.entry.Replies;
import io.smache.node.api.message.FieldName;
import io.smache.node.api.message.JsonBody;
import io.smache.node.api.message.Reply;
import io.smache.node.api.message.Request;
import io.smache.node.cache.Cache;
import io.smache.node.engine.Answer;
import io.smache.node.shard.ValueLimit;
import io.smache.node.store.Format;
import io.smache.node.store.Get;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import io.smache.node.store.Preconditions;
import io.smache.node.store.Put;
import io.smache.protocol.message.Status;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;

/** Requests to the simple API. Thread-safe. */
@Dependent
public class SimpleRequests {
  private static final byte[] NULL = bytes("null");

  private final Cache cache;
  private final Replies replies;
  private final int valueLimit;

  /**
   * Takes what it works with.
   *
   * @param valueLimit the most bytes of a value
   */
  @Inject
  public SimpleRequests(Cache cache, Replies replies, @ValueLimit int valueLimit) {
    this.cache = cache;
    this.replies = replies;
    this.valueLimit = valueLimit;
  }

  /** Returns {@code {"key":K,"node":N,"data":D}}, D being null for a key never written. */
  public CompletionStage<Reply> get(Request request) throws KeyException {
    Key key = SimpleKey.of(request);
    return replies.of(
        cache.perform(Get.embedded(Operation.DEFAULT_CACHE, key, Preconditions.NONE)),
        Replies::isReadLong,
        answer -> found(key, answer));
  }

  /** Stores D of {@code {"key":K,"data":D}} and returns {@code {"data":D}}. */
  public CompletionStage<Reply> post(Request request) throws IOException, KeyException {
    SimpleBody body = SimpleBody.parse(JsonBody.read(request, valueLimit));
    Operation put = Put.plain(Operation.DEFAULT_CACHE, body.key(), body.data(), Format.JSON);
    return cache.perform(put).thenApply(answer -> stored(body.data(), answer));
  }

  private Reply found(Key key, Answer answer) {
    if (answer.outcome() instanceof Outcome.Found found) {
      return ok(answer, entry(key, answer.node(), Embedded.json(found.entry(), valueLimit)));
    }
    if (answer.outcome() instanceof Outcome.Absent) {
      return ok(answer, entry(key, answer.node(), NULL));
    }
    return EntryReply.refused(answer);
  }

  private static Reply stored(byte[] data, Answer answer) {
    return answer.outcome() instanceof Outcome.Stored
        ? ok(answer, json(bytes("{\"data\":"), data))
        : EntryReply.refused(answer);
  }

  private static Reply ok(Answer answer, byte[] body) {
    return Reply.json(Status.OK, body).with(FieldName.NODE, answer.node());
  }

  private static byte[] entry(Key key, String node, byte[] data) {
    JsonStringEncoder encoder = JsonStringEncoder.getInstance();
    return json(
        bytes("{\"key\":\""),
        encoder.quoteAsUTF8(key.toString()),
        bytes("\",\"node\":\"" + node + "\",\"data\":"),
        data);
  }

  /** Joins the parts of an object and closes it. */
  private static byte[] json(byte[]... parts) {
    ByteArrayOutputStream out =
        new ByteArrayOutputStream(1 + Arrays.stream(parts).mapToInt(part -> part.length).sum());
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    out.write('}');
    return out.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
