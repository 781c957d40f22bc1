package io.smache.tests;

import static java.lang.Integer.parseInt;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client that sends what no proper client would. */
final class RawConnection implements AutoCloseable {
  private static final int CHUNK = 1 << 16;
  private static final Pattern LENGTH = Pattern.compile("(?i)\\ncontent-length: *(\\d+)");

  private final Socket socket;

  RawConnection(String url) throws IOException {
    URI uri = URI.create(url);
    socket = new Socket(uri.getHost(), uri.getPort());
    socket.setSoTimeout(30_000);
    socket.setTcpNoDelay(true);
  }

  /** Waits up to so long for whatever is to come. */
  void timeout(Duration timeout) throws SocketException {
    socket.setSoTimeout((int) timeout.toMillis());
  }

  /** Posts that many bytes without saying so before, and returns the status line. */
  String stream(String path, int bytes) throws IOException {
    OutputStream out = socket.getOutputStream();
    String head =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            .formatted(path);
    byte[] chunk = new byte[CHUNK];
    Arrays.fill(chunk, (byte) 'x');
    try {
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      for (int sent = 0; sent < bytes; sent += CHUNK) {
        out.write((Integer.toHexString(CHUNK) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(chunk);
        out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
      }
      out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    } catch (SocketException e) {
      // The server has heard enough and said so; its answer is there to be read.
    }
    return new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
        .readLine();
  }

  /** Sends the bytes and returns all that comes back until the server closes the connection. */
  String exchange(byte[] request) throws IOException {
    try {
      socket.getOutputStream().write(request);
    } catch (SocketException e) {
      // The server has heard enough and said so; its answer is there to be read.
    }
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    byte[] some = new byte[CHUNK];
    try {
      int length = socket.getInputStream().read(some);
      while (length >= 0) {
        answer.write(some, 0, length);
        length = socket.getInputStream().read(some);
      }
    } catch (SocketException e) {
      // It closed at once, with bytes of ours unread; what it said before counts.
    }
    return answer.toString(StandardCharsets.ISO_8859_1);
  }

  /** Sends a text as it is. */
  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * What was answered.
   *
   * @param status three digits
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Response(String status, byte[] body) {}

  /** Reads one answer, which says its length or has no body. */
  Response response() throws IOException {
    String head = head();
    Matcher length = LENGTH.matcher(head);
    byte[] body = socket.getInputStream().readNBytes(length.find() ? parseInt(length.group(1)) : 0);
    return new Response(head.split(" ", 3)[1], body);
  }

  private String head() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new EOFException("the server closed after: " + head);
      }
      head.append((char) next);
    }
    return head.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
