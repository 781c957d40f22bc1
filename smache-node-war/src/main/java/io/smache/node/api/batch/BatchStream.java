package io.smache.node.api.batch;

import com.fasterxml.jackson.core.JsonGenerator;
import io.smache.node.api.access.Caller;
import io.smache.node.cache.Cache;
import io.smache.protocol.message.Json;
import io.smache.protocol.message.Problem;
import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A batch of lines: executes and answers each chunk before it reads the next, so that neither side
 * holds more than one.
 */
final class BatchStream {
  private static final int CHUNK_ITEMS = 500;
  private static final int CHUNK_BYTES = 1 << 20;
  private static final int ITEM_BYTES = 1 << 16;

  private final String name;
  private final Caller caller;
  private final Cache cache;
  private final int valueLimit;

  /** Most bytes of a line: a value as base64, and what surrounds it. */
  private final int longest;

  private int items;
  private long bytes;

  BatchStream(String name, Caller caller, Cache cache, int valueLimit) {
    this.name = name;
    this.caller = caller;
    this.cache = cache;
    this.valueLimit = valueLimit;
    this.longest = valueLimit / 3 * 4 + ITEM_BYTES;
  }

  /**
   * Reads all lines and answers them; waits for its client on both sides. Lines before one that
   * ends the batch are done and answered.
   */
  void pump(InputStream stream, OutputStream out) throws IOException {
    BufferedInputStream in = new BufferedInputStream(stream);
    try {
      boolean more = true;
      while (more) {
        Batch batch = new Batch(name, caller);
        try {
          more = read(in, batch);
        } finally {
          write(batch, out);
        }
      }
    } catch (ProblemException e) {
      refuse(e.problem(), out);
    }
  }

  /** Fills a chunk with what is there; returns whether there may be more. */
  private boolean read(BufferedInputStream in, Batch batch) throws IOException {
    int chunk = 0;
    do {
      byte[] line = line(in);
      if (line == null) {
        return false;
      }
      chunk += line.length;
      bytes += line.length + 1L;
      boolean blank = isBlank(line);
      items += blank ? 0 : 1;
      if (items > Batch.MAX_ITEMS || bytes > BatchRequests.MAX_BYTES) {
        throw new ProblemException(
            Status.CONTENT_TOO_LARGE,
            "a batch may have at most %d items and %d bytes"
                .formatted(Batch.MAX_ITEMS, BatchRequests.MAX_BYTES));
      }
      if (!blank) {
        batch.addLine(line);
      }
    } while (batch.size() < CHUNK_ITEMS && chunk < CHUNK_BYTES && in.available() > 0);
    return true;
  }

  private byte @Nullable [] line(BufferedInputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = in.read();
    if (next < 0) {
      return null;
    }
    while (next >= 0 && next != '\n') {
      if (line.size() > longest) {
        throw new ProblemException(
            Status.CONTENT_TOO_LARGE, "a line may have at most " + longest + " bytes");
      }
      line.write(next);
      next = in.read();
    }
    return line.toByteArray();
  }

  private static boolean isBlank(byte[] line) {
    for (byte each : line) {
      if (each != ' ' && each != '\t' && each != '\r') {
        return false;
      }
    }
    return true;
  }

  private void write(Batch batch, OutputStream out) throws IOException {
    if (batch.size() == 0) {
      return;
    }
    for (BatchResult result : batch.perform(cache).toCompletableFuture().join()) {
      line(result, out);
    }
    out.flush();
  }

  private void refuse(Problem problem, OutputStream out) throws IOException {
    String detail = problem.detail() + "; nothing after this was executed";
    line(new BatchResult.Refused(new Problem(problem.title(), problem.status(), detail)), out);
    out.flush();
  }

  /** Between its tokens, JSON may break lines; within them it cannot (RFC 8259, section 7). */
  private static byte[] onOneLine(byte[] json) {
    for (int i = 0; i < json.length; i++) {
      if (json[i] == '\n' || json[i] == '\r') {
        json[i] = ' ';
      }
    }
    return json;
  }

  private void line(BatchResult result, OutputStream out) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try (JsonGenerator json = Json.MAPPER.createGenerator(line)) {
      BatchResult.write(result, json, valueLimit);
    }
    out.write(onOneLine(line.toByteArray()));
    out.write('\n');
  }
}
