package io.smache.node.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smache.protocol.message.ProblemException;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BodyTest {
  private static final int LIMIT = 10;
  private static final int UNKNOWN = -1;

  @Test
  void read_announcedOrNot_isTheWholeBody() throws IOException {
    assertThat(Body.read(request("abc", 3), LIMIT)).asString(UTF_8).isEqualTo("abc");
    assertThat(Body.read(request("abc", UNKNOWN), LIMIT)).asString(UTF_8).isEqualTo("abc");
    assertThat(Body.read(request("", 0), LIMIT)).isEmpty();
    assertThat(Body.read(request("", UNKNOWN), LIMIT)).isEmpty();
    assertThat(Body.read(request("x".repeat(LIMIT), LIMIT), LIMIT)).hasSize(LIMIT);
    assertThat(Body.read(request("x".repeat(LIMIT), UNKNOWN), LIMIT)).hasSize(LIMIT);
  }

  @Test
  void read_moreThanAllowed_isRefused() {
    String long1 = "x".repeat(LIMIT + 1);
    assertThatThrownBy(() -> Body.read(request(long1, LIMIT + 1), LIMIT))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("at most 10 bytes");
    assertThatThrownBy(() -> Body.read(request(long1, UNKNOWN), LIMIT))
        .isInstanceOf(ProblemException.class);
  }

  @Test
  void read_lessThanAnnounced_isNoBody() {
    assertThatThrownBy(() -> Body.read(request("abc", 4), LIMIT))
        .isInstanceOf(EOFException.class)
        .hasMessageContaining("3 of 4 bytes");
  }

  private static HttpServletRequest request(String body, int announced) {
    ServletInputStream stream = new Stream(new ByteArrayInputStream(body.getBytes(UTF_8)));
    return (HttpServletRequest)
        Proxy.newProxyInstance(
            BodyTest.class.getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getInputStream" -> stream;
                  case "getContentLength" -> (Object) announced;
                  case "getContentLengthLong" -> (Object) (long) announced;
                  default -> null;
                });
  }

  private static final class Stream extends ServletInputStream {
    private final ByteArrayInputStream bytes;

    Stream(ByteArrayInputStream bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read() {
      return bytes.read();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      return bytes.read(buffer, offset, length);
    }

    @Override
    public boolean isFinished() {
      return bytes.available() == 0;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
      throw new UnsupportedOperationException(Objects.toString(listener));
    }
  }
}
