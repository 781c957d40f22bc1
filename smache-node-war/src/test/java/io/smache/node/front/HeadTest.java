package io.smache.node.front;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadTest {
  private static final String HOST = "Host: x\r\n";

  private static Head read(String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    int end = Head.end(bytes, 0, 0, bytes.length);
    assertThat(end).as("end of the head").isEqualTo(bytes.length);
    Head head = new Head();
    head.read(bytes, 0, end);
    return head;
  }

  private static Status refusal(String text) {
    ProblemException[] refused = new ProblemException[1];
    assertThatThrownBy(() -> read(text))
        .isInstanceOfSatisfying(ProblemException.class, each -> refused[0] = each);
    return refused[0].status();
  }

  @Test
  void head_whole_isRead() {
    Head head =
        read("PUT /a?b=%2F HTTP/1.1\r\nHost: x:1\r\nA:b\r\nB: \t c d \t\r\na:  z\r\nE:\r\n\r\n");
    assertThat(head.method()).isEqualTo("PUT");
    assertThat(head.target()).isEqualTo("/a?b=%2F");
    assertThat(head.isHttp10()).isFalse();
    assertThat(head.value("host")).isEqualTo("x:1");
    assertThat(head.value("A")).isEqualTo("b, z");
    assertThat(head.value("b")).isEqualTo("c d");
    assertThat(head.value("E")).isEmpty();
    assertThat(head.value("F")).isNull();
  }

  @Test
  void head_copied_isKeptWhenTheNextIsRead() {
    byte[] bytes = "GET /first HTTP/1.0\r\nA: 1\r\nB: two\r\n\r\n".getBytes(ISO_8859_1);
    Head head = new Head();
    head.read(bytes, 0, bytes.length);
    Head copy = head.copy();
    byte[] next = "DELETE /2 HTTP/1.1\r\nZ: y\r\n\r\n".getBytes(ISO_8859_1);
    System.arraycopy(next, 0, bytes, 0, next.length);
    head.read(bytes, 0, next.length);
    assertThat(copy.method()).isEqualTo("GET");
    assertThat(copy.target()).isEqualTo("/first");
    assertThat(copy.isHttp10()).isTrue();
    assertThat(copy.value("a")).isEqualTo("1");
    assertThat(copy.value("b")).isEqualTo("two");
    assertThat(head.value("a")).isNull();
  }

  @Test
  void head_copiedWithoutFields_isKept() {
    assertThat(read("GET /x HTTP/1.0\r\n\r\n").copy().target()).isEqualTo("/x");
  }

  @Test
  void end_inPieces_isFoundAsAtOnce() {
    byte[] bytes = ("GET / HTTP/1.1\r\n" + HOST + "A: b\r\n\r\nmore").getBytes(ISO_8859_1);
    int line = 0;
    int end = -1;
    int here = 0;
    while (end < 0) {
      here++;
      end = Head.end(bytes, 0, line, here);
      line = Head.lastLine(bytes, 0, here);
    }
    assertThat(end).isEqualTo(here).isEqualTo(bytes.length - 4);
  }

  @Test
  void value_beyondAscii_isTakenByteByByte() {
    assertThat(read("GET / HTTP/1.1\r\nCity: S\u00e3o\u0080\u00ff\r\n\r\n").value("city"))
        .isEqualTo("S\u00e3o\u0080\u00ff");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n\n",
        "GET / HTTP/1.1\rHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\rA: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost\t: x\r\n\r\n",
        "GET / HTTP/1.1\r\n Host: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n\tfolded\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\u0000\r\n\r\n",
        "GET / HTTP/1.1\r\nA: b\u0001\r\n\r\n",
        "GET / HTTP/1.1\r\nA: b\u007f\r\n\r\n",
        "GET / HTTP/1.1\r\nA\u0000: b\r\n\r\n",
        "GET / HTTP/1.1\r\n: b\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\nN\u00e4me: b\r\n\r\n",
        "GET / HTTP/1.1\r\nA(b): c\r\n\r\n",
        "GET  / HTTP/1.1\r\n\r\n",
        "GET /  HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1 \r\n\r\n",
        " GET / HTTP/1.1\r\n\r\n",
        "GET\t/ HTTP/1.1\r\n\r\n",
        "GET /a b HTTP/1.1\r\n\r\n",
        "GET /\u00e9 HTTP/1.1\r\n\r\n",
        "GET /\u0000 HTTP/1.1\r\n\r\n",
        "GET /a#b HTTP/1.1\r\n\r\n",
        "GET / http/1.1\r\n\r\n",
        "GET / HTTP/1.1x\r\n\r\n",
        "GET / HTTP/11\r\n\r\n",
        "GET / HTTP/1.\r\n\r\n",
        "GET / HTTP/\r\n\r\n",
        "GET / \r\n\r\n",
        "GET /\r\n\r\n",
        "GET\r\n\r\n",
        "G(T / HTTP/1.1\r\n\r\n",
        ":\r\n\r\n"
      })
  void head_malformed_is400(String text) {
    assertThat(refusal(text)).isEqualTo(Status.BAD_REQUEST);
  }

  @ParameterizedTest
  @CsvSource({
    "get / HTTP/1.1, NOT_IMPLEMENTED",
    "BREW / HTTP/1.1, NOT_IMPLEMENTED",
    "GETT / HTTP/1.1, NOT_IMPLEMENTED",
    "GET / HTTP/2.0, VERSION_NOT_SUPPORTED",
    "PRI * HTTP/2.0, VERSION_NOT_SUPPORTED",
    "GET / HTTP/9.9, VERSION_NOT_SUPPORTED",
    "GET / HTTP/0.9, VERSION_NOT_SUPPORTED"
  })
  void requestLine_unknown_saysWhat(String line, Status status) {
    assertThat(refusal(line + "\r\n\r\n")).isEqualTo(status);
  }

  @Test
  void requestLine_tooLong_is414BeforeItsEnd() {
    String line = "GET /" + "x".repeat(Head.MAX_LINE);
    byte[] bytes = line.getBytes(ISO_8859_1);
    assertThatThrownBy(() -> Head.end(bytes, 0, 0, bytes.length))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> assertThat(refused.status()).isEqualTo(Status.URI_TOO_LONG));
    assertThat(refusal(line + " HTTP/1.1\r\n\r\n")).isEqualTo(Status.URI_TOO_LONG);
  }

  @Test
  void fields_tooLong_are431BeforeTheirEnd() {
    String head = "GET / HTTP/1.1\r\n" + "A: b\r\n".repeat(20_000);
    assertThat(refusal(head + "\r\n")).isEqualTo(Status.FIELDS_TOO_LARGE);
    byte[] bytes = head.getBytes(ISO_8859_1);
    assertThatThrownBy(
            () -> Head.end(bytes, 0, Head.lastLine(bytes, 0, bytes.length), bytes.length))
        .isInstanceOf(ProblemException.class);
  }

  @Test
  void fields_many_areAllFound() {
    StringBuilder head = new StringBuilder("GET / HTTP/1.1\r\n");
    for (int i = 0; i < 500; i++) {
      head.append("N").append(i).append(": v").append(i).append("\r\n");
    }
    Head read = read(head + "\r\n");
    assertThat(read.fields()).isEqualTo(500);
    assertThat(read.value("n499")).isEqualTo("v499");
  }
}
