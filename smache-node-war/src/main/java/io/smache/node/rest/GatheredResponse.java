package io.smache.node.rest;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the body that Jakarta REST writes, to be sent afterwards: Jakarta REST would let a thread
 * wait for a client that does not read. Large arrays are not copied. For one thread at a time.
 */
final class GatheredResponse extends HttpServletResponseWrapper {
  /**
   * Arrays from this length on are not copied; shorter ones may be buffers that their writer
   * reuses.
   */
  private static final int LARGE = 1 << 16;

  private final List<ByteBuffer> parts = new ArrayList<>();
  private final ByteArrayOutputStream small = new ByteArrayOutputStream();
  private final ServletOutputStream output = new Output();
  private @Nullable PrintWriter writer;
  private long length;

  GatheredResponse(HttpServletResponse response) {
    super(response);
  }

  /** Returns how many bytes were gathered. */
  long length() {
    if (writer != null) {
      writer.flush();
    }
    return length;
  }

  /** Returns what was gathered, in its order. */
  List<ByteBuffer> parts() {
    if (writer != null) {
      writer.flush();
    }
    endPart();
    return parts;
  }

  private void endPart() {
    if (small.size() > 0) {
      parts.add(ByteBuffer.wrap(small.toByteArray()));
      small.reset();
    }
  }

  @Override
  public ServletOutputStream getOutputStream() {
    return output;
  }

  @Override
  public PrintWriter getWriter() {
    PrintWriter known = writer;
    if (known == null) {
      known = new PrintWriter(new OutputStreamWriter(output, StandardCharsets.UTF_8));
      writer = known;
    }
    return known;
  }

  /** Nothing goes out before all is there. */
  @Override
  public void flushBuffer() {}

  @Override
  public void reset() {
    super.reset();
    clear();
  }

  @Override
  public void resetBuffer() {
    super.resetBuffer();
    clear();
  }

  private void clear() {
    parts.clear();
    small.reset();
    length = 0;
  }

  private final class Output extends ServletOutputStream {
    @Override
    public void write(int octet) {
      small.write(octet);
      length++;
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
      if (count >= LARGE) {
        endPart();
        parts.add(ByteBuffer.wrap(bytes, offset, count));
      } else {
        small.write(bytes, offset, count);
      }
      length += count;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      try {
        listener.onWritePossible();
      } catch (IOException e) {
        listener.onError(e);
      }
    }
  }

  /** Writes what was gathered, to a client that takes it at once. */
  void writeTo(HttpServletResponse response) throws IOException {
    for (ByteBuffer part : parts()) {
      response
          .getOutputStream()
          .write(part.array(), part.arrayOffset() + part.position(), part.remaining());
    }
    ReplyWriter.beginIfNotModified(response);
  }
}
