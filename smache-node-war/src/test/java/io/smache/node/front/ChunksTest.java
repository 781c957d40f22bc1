package io.smache.node.front;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smache.protocol.message.ProblemException;
import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunksTest {
  private final Chunks chunks = new Chunks();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();

  private int read(String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    return chunks.read(
        bytes, 0, bytes.length, (from, start, end) -> body.write(from, start, end - start));
  }

  @Test
  void body_inChunks_isPutTogetherAndItsEndIsFound() {
    String text = "5\r\nhello\r\n00A;x=y\r\n0123456789\r\n0\r\n\r\n";
    assertThat(read(text + "GET /")).isEqualTo(text.length());
    assertThat(chunks.isDone()).isTrue();
    assertThat(body).hasToString("hello0123456789");
  }

  @Test
  void trailers_areIgnored() {
    assertThat(read("0\r\nA: b\r\nContent-Length: 9\r\n\r\n")).isEqualTo(30);
    assertThat(chunks.isDone()).isTrue();
    assertThat(body.size()).isZero();
  }

  @Test
  void body_cutAnywhere_isTheSame() {
    Random random = new Random(3);
    for (int round = 0; round < 500; round++) {
      StringBuilder wire = new StringBuilder();
      StringBuilder expected = new StringBuilder();
      for (int i = 0; i < 5; i++) {
        String part = "x".repeat(1 + random.nextInt(40));
        expected.append(part);
        wire.append(Integer.toHexString(part.length())).append("\r\n").append(part).append("\r\n");
      }
      wire.append("0\r\n\r\n");
      Chunks cut = new Chunks();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] bytes = wire.toString().getBytes(ISO_8859_1);
      int at = 0;
      while (at < bytes.length) {
        int end = Math.min(bytes.length, at + 1 + random.nextInt(7));
        assertThat(cut.isDone()).isFalse();
        assertThat(
                cut.read(bytes, at, end, (from, start, to) -> out.write(from, start, to - start)))
            .isEqualTo(end);
        at = end;
      }
      assertThat(cut.isDone()).isTrue();
      assertThat(out).hasToString(expected.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\n",
        "x\r\n",
        "-1\r\n",
        "+1\r\n",
        " 1\r\n",
        "1 \r\n",
        "0x1\r\n",
        "1\n",
        "1\r\r",
        "12345678\r\n",
        "1\r\nab",
        "1\r\na\n",
        "1\r\na\r\r",
        "0\r\n\n",
        "0\r\nA: b\n",
        "0\r\n\r\r",
        "1;x\ny\r\n",
        "1;\u0000\r\n",
        "0\r\nA\u0000: b\r\n"
      })
  void framing_malformed_is400(String text) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(ProblemException.class);
  }

  @Test
  void ignored_tooLong_is400() {
    assertThatThrownBy(() -> read("1;" + "x".repeat(5000))).isInstanceOf(ProblemException.class);
    Chunks other = new Chunks();
    byte[] trailers = ("0\r\n" + "A: b\r\n".repeat(2000)).getBytes(ISO_8859_1);
    assertThatThrownBy(() -> other.read(trailers, 0, trailers.length, (from, start, end) -> {}))
        .isInstanceOf(ProblemException.class);
  }
}
