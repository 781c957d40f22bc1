package io.smache.node.api.entry;

import io.smache.node.api.message.FieldName;
import io.smache.node.api.message.Ranges;
import io.smache.node.api.message.ReadOptions;
import io.smache.node.api.message.Reply;
import io.smache.node.api.message.Representation;
import io.smache.node.engine.Answer;
import io.smache.node.store.Outcome;
import io.smache.node.store.Snapshot;
import io.smache.protocol.message.Status;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** Replies that carry a value: all of it, or parts of it (RFC 9110, sections 14 and 15.3.7). */
final class ValueReply {
  /** No range. */
  private static final List<Ranges.Range> ALL = List.of(new Ranges.Range(0, -1));

  private ValueReply() {}

  /**
   * Returns the reply with the value that was found.
   *
   * @param limit the most bytes of a value, decoded
   */
  static Reply of(Answer answer, Outcome.Found found, ReadOptions options, int limit) {
    Snapshot entry = found.entry();
    boolean whole = options.range().isEmpty();
    Representation representation = Representation.of(entry, options.gzip(), whole, limit);
    List<Ranges.Range> ranges =
        whole || !options.rangeIsOf(representation)
            ? ALL
            : Ranges.parse(options.range().orElseThrow(), representation.bytes().length);
    if (ranges.isEmpty()) {
      return unsatisfiable(answer, representation.bytes().length);
    }
    Reply reply =
        isAll(ranges, representation.bytes().length)
            ? all(representation, entry, options.head())
            : parts(representation, entry, ranges);
    EntryReply.described(reply, answer, entry, found.state())
        .with(FieldName.ETAG, representation.tag())
        .with(FieldName.ACCEPT_RANGES, "bytes");
    if (representation.encoding() != null) {
      reply.with(FieldName.CONTENT_ENCODING, representation.encoding());
    }
    return reply;
  }

  private static Reply all(Representation representation, Snapshot entry, boolean head) {
    Reply reply = Reply.of(Status.OK).with(FieldName.CONTENT_TYPE, entry.format().type());
    return head
        ? reply.with(FieldName.CONTENT_LENGTH, Integer.toString(representation.bytes().length))
        : representation.bytes() == entry.value()
            ? reply.sharedBody(representation.bytes())
            : reply.body(representation.bytes());
  }

  private static Reply unsatisfiable(Answer answer, int length) {
    return Reply.problem(
            Status.RANGE_NOT_SATISFIABLE,
            "the value has %d bytes and none of the ranges".formatted(length))
        .with(FieldName.CONTENT_RANGE, "bytes */" + length)
        .with(FieldName.NODE, answer.node());
  }

  /**
   * Ranges that together exceed the value get all of it once (RFC 9110, section 14.2). An empty
   * value has no part that Content-Range could name.
   */
  private static boolean isAll(List<Ranges.Range> ranges, int length) {
    boolean overlap =
        ranges.size() > 1 && ranges.stream().mapToLong(Ranges.Range::length).sum() > length;
    return length == 0 || ranges.equals(ALL) || overlap;
  }

  private static Reply parts(
      Representation representation, Snapshot entry, List<Ranges.Range> ranges) {
    byte[] bytes = representation.bytes();
    if (ranges.size() == 1) {
      Ranges.Range range = ranges.get(0);
      byte[] part = new byte[range.length()];
      System.arraycopy(bytes, range.from(), part, 0, part.length);
      return Reply.of(Status.PARTIAL_CONTENT)
          .body(part)
          .with(FieldName.CONTENT_TYPE, entry.format().type())
          .with(FieldName.CONTENT_RANGE, range.of(bytes.length));
    }
    return multipart(bytes, entry.format().type(), ranges);
  }

  private static Reply multipart(byte[] bytes, String type, List<Ranges.Range> ranges) {
    String boundary = UUID.randomUUID().toString();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Ranges.Range range : ranges) {
      String head =
          "--%s\r\nContent-Type: %s\r\nContent-Range: %s\r\n\r\n"
              .formatted(boundary, type, range.of(bytes.length));
      out.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
      out.write(bytes, range.from(), range.length());
      out.writeBytes("\r\n".getBytes(StandardCharsets.ISO_8859_1));
    }
    out.writeBytes(("--" + boundary + "--\r\n").getBytes(StandardCharsets.ISO_8859_1));
    return Reply.of(Status.PARTIAL_CONTENT)
        .body(out.toByteArray())
        .with(FieldName.CONTENT_TYPE, "multipart/byteranges; boundary=" + boundary);
  }
}
