package io.smache.node.api.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smache.protocol.message.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PercentTest {
  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void encodeAndDecode_anyBytes_isTheIdentity(long seed) {
    Random random = new Random(seed);
    byte[] bytes = new byte[random.nextInt(40)];
    random.nextBytes(bytes);
    String encoded = Percent.encode(bytes);
    assertThat(encoded).matches("[A-Za-z0-9._~%-]*");
    assertThat(Percent.decode(encoded, "x", false)).isEqualTo(bytes);
    assertThat(Percent.decode(encoded, "x", true)).isEqualTo(bytes);
  }

  @Test
  void decode_plus_isASpaceInAQueryOnly() {
    assertThat(Percent.decode("a+b", "x", true)).asString(StandardCharsets.UTF_8).isEqualTo("a b");
    assertThat(Percent.decode("a+b", "x", false)).asString(StandardCharsets.UTF_8).isEqualTo("a+b");
    assertThat(Percent.decode("%2B", "x", true)).asString(StandardCharsets.UTF_8).isEqualTo("+");
  }

  @Test
  void decode_bytesThatWereNotEncoded_stay() {
    assertThat(Percent.decode("\u00ff", "x", false)).containsExactly(0xff);
  }

  @Test
  void encode_dots_areNoOtherPath() {
    assertThat(Percent.encode(bytes("."))).isEqualTo("%2E");
    assertThat(Percent.encode(bytes(".."))).isEqualTo("%2E%2E");
    assertThat(Percent.encode(bytes("..."))).isEqualTo("...");
    assertThat(Percent.encode(bytes("a.b"))).isEqualTo("a.b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "%1", "a%", "%g1", "%1g", "%%41", "% 1", "%+1"})
  void decode_malformed_isRefused(String encoded) {
    assertThatThrownBy(() -> Percent.decode(encoded, "the key", false))
        .isInstanceOf(ProblemException.class)
        .hasMessageStartingWith("the key is not percent-encoded");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
