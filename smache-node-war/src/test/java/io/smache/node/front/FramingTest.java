package io.smache.node.front;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smache.protocol.message.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FramingTest {
  private static Framing framing(String version, String fields) {
    String text = "PUT / HTTP/" + version + "\r\n" + fields.replace("|", "\r\n") + "\r\n\r\n";
    byte[] bytes = text.getBytes(ISO_8859_1);
    Head head = new Head();
    head.read(bytes, 0, bytes.length);
    return Framing.of(head);
  }

  @Test
  void body_ofALength_isTold() {
    assertThat(framing("1.1", "Host: x|content-LENGTH: 017"))
        .isEqualTo(new Framing(17, false, true, false));
  }

  @Test
  void body_inChunks_isTold() {
    assertThat(framing("1.1", "Host: x|Transfer-Encoding: Chunked|Expect: 100-Continue"))
        .isEqualTo(new Framing(-1, true, true, true));
  }

  @ParameterizedTest
  @CsvSource({
    "1.1, Host: x, true",
    "1.1, Host: x|Connection: close, false",
    "1.1, Host: x|Connection: keep-alive, true",
    "1.1, 'Host: x|Connection: Upgrade , CLOSE', false",
    "1.1, Host: x|Connection: closed, true",
    "1.1, Host: x|Connection: close|Connection: keep-alive, false",
    "1.0, Host: x, false",
    "1.0, Connection: Keep-Alive, true",
    "1.0, 'Connection: keep-alive, close', false"
  })
  void connection_isKeptAsAskedFor(String version, String fields, boolean kept) {
    assertThat(framing(version, fields).keepsAlive()).isEqualTo(kept);
  }

  @ParameterizedTest
  @CsvSource({
    "1.1, A: b, 400",
    "1.1, Host: x|Host: x, 400",
    "1.0, Host: x|Host: y, 400",
    "1.1, Host: a b, 400",
    "1.1, 'Host: a,b', 400",
    "1.1, Host: a/b, 400",
    "1.1, Host: u@h, 400",
    "1.1, Host: x|Content-Length: 1|Content-Length: 1, 400",
    "1.1, Host: x|Content-Length: 1|Content-Length: 2, 400",
    "1.1, 'Host: x|Content-Length: 1, 1', 400",
    "1.1, Host: x|Content-Length: +1, 400",
    "1.1, Host: x|Content-Length: -1, 400",
    "1.1, Host: x|Content-Length: 0x1, 400",
    "1.1, Host: x|Content-Length: 1 1, 400",
    "1.1, Host: x|Content-Length:, 400",
    "1.1, Host: x|Content-Length: 9999999999999999999, 400",
    "1.1, Host: x|Content-Length: 1|Transfer-Encoding: chunked, 400",
    "1.1, Host: x|Transfer-Encoding: chunked|Content-Length: 0, 400",
    "1.1, Host: x|Transfer-Encoding: chunked|Transfer-Encoding: chunked, 400",
    "1.0, Host: x|Transfer-Encoding: chunked, 400",
    "1.1, 'Host: x|Transfer-Encoding: gzip, chunked', 501",
    "1.1, 'Host: x|Transfer-Encoding: chunked, identity', 501",
    "1.1, Host: x|Transfer-Encoding: xchunked, 501",
    "1.1, Host: x|Transfer-Encoding: identity, 501",
    "1.1, Host: x|Expect: coffee, 417"
  })
  void framing_thatTwoCouldUnderstandDifferently_isRefused(
      String version, String fields, int status) {
    assertThatThrownBy(() -> framing(version, fields))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> assertThat(refused.status().code()).isEqualTo(status));
  }

  @ParameterizedTest
  @CsvSource({"1.1, Host:", "1.1, Host: [::1]:80", "1.1, Host: a-b.c:1", "1.0, A: b"})
  void host_proper_isTaken(String version, String fields) {
    assertThat(framing(version, fields).hasBody()).isFalse();
  }
}
