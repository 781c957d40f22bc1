package io.smache.node.http;

import io.smache.node.cache.Answer;
import io.smache.node.store.Outcome;
import io.smache.node.store.Snapshot;
import io.smache.protocol.http.Problem;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import jakarta.ws.rs.core.Response.Status;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** Responses that carry a value: all of it, or parts of it (RFC 9110, sections 14 and 15.3.7). */
final class ValueReply {
  private static final String CONTENT_RANGE = "Content-Range";

  /** Stands for no range at all. */
  private static final List<Ranges.Range> ALL = List.of(new Ranges.Range(0, -1));

  private ValueReply() {}

  /**
   * Returns the response with the value that was found.
   *
   * @param limit the most bytes of a value, decoded
   */
  static Response of(Answer answer, Outcome.Found found, Reading reading, int limit) {
    Snapshot entry = found.entry();
    boolean whole = reading.range().isEmpty();
    Selection selection = Selection.of(entry, reading.gzip(), whole, limit);
    List<Ranges.Range> ranges =
        whole || !reading.rangeIsOf(selection)
            ? ALL
            : Ranges.parse(reading.range().orElseThrow(), selection.bytes().length);
    if (ranges.isEmpty()) {
      return unsatisfiable(answer, selection.bytes().length);
    }
    ResponseBuilder response =
        isAll(ranges, selection.bytes().length)
            ? all(selection, entry, reading.head())
            : parts(selection, entry, ranges);
    Reply.described(response, answer, entry, found.state())
        .header(HttpHeaders.ETAG, selection.tag())
        .header("Accept-Ranges", "bytes");
    if (selection.encoding() != null) {
      response.header(HttpHeaders.CONTENT_ENCODING, selection.encoding());
    }
    return response.build();
  }

  private static ResponseBuilder all(Selection selection, Snapshot entry, boolean head) {
    ResponseBuilder response = head ? Response.ok() : Response.ok(selection.bytes());
    return response
        .header(HttpHeaders.CONTENT_LENGTH, selection.bytes().length)
        .header(HttpHeaders.CONTENT_TYPE, entry.format().type());
  }

  private static Response unsatisfiable(Answer answer, int length) {
    return Problem.response(
            Status.REQUESTED_RANGE_NOT_SATISFIABLE,
            "the value has %d bytes and none of the ranges".formatted(length))
        .header(CONTENT_RANGE, "bytes */" + length)
        .header(Reply.NODE, answer.node())
        .build();
  }

  /** Who asks for more bytes than there are gets all, once (RFC 9110, section 14.2). */
  private static boolean isAll(List<Ranges.Range> ranges, int length) {
    boolean overlap =
        ranges.size() > 1 && ranges.stream().mapToLong(Ranges.Range::length).sum() > length;
    return ranges.equals(ALL) || overlap;
  }

  private static ResponseBuilder parts(
      Selection selection, Snapshot entry, List<Ranges.Range> ranges) {
    byte[] bytes = selection.bytes();
    if (ranges.size() == 1) {
      Ranges.Range range = ranges.get(0);
      byte[] part = new byte[range.length()];
      System.arraycopy(bytes, range.from(), part, 0, part.length);
      return Response.status(Status.PARTIAL_CONTENT)
          .entity(part)
          .header(HttpHeaders.CONTENT_TYPE, entry.format().type())
          .header(CONTENT_RANGE, range.of(bytes.length));
    }
    return multipart(bytes, entry.format().type(), ranges);
  }

  private static ResponseBuilder multipart(byte[] bytes, String type, List<Ranges.Range> ranges) {
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
    return Response.status(Status.PARTIAL_CONTENT)
        .entity(out.toByteArray())
        .header(HttpHeaders.CONTENT_TYPE, "multipart/byteranges; boundary=" + boundary);
  }
}
