package io.smache.node.api.simple;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smache.node.store.Key;
import io.smache.protocol.message.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimpleBodyTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "5",
        "-0",
        "2.50",
        "1e2",
        "12345678901234567890123",
        "\"s\"",
        "\"\\u00e9\"",
        "\"é\"",
        "[ 1,  2 ]",
        "{}",
        "{\"b\":1,\"a\":2,\"b\":3}",
        "true",
        "\"\"",
        "{\"key\":\"x\",\"data\":1}"
      })
  void parse_anyData_keepsItsBytes(String data) throws Exception {
    assertThat(data(parse("{\"key\":\"k\",\"data\":" + data + "}"))).isEqualTo(data);
    assertThat(data(parse(" { \"data\" :\t" + data + " , \"key\" : \"k\" } \n"))).isEqualTo(data);
  }

  @Test
  void parse_veryLongNumberStringAndName_keepsThem() throws Exception {
    for (String data :
        new String[] {
          "9".repeat(100_000),
          "\"" + "s".repeat(100_000) + "\"",
          "{\"" + "n".repeat(100_000) + "\":1}"
        }) {
      assertThat(data(parse("{\"key\":1,\"data\":" + data + "}"))).isEqualTo(data);
    }
  }

  @Test
  void parse_byteOrderMark_isSkipped() throws Exception {
    assertThat(data(parse("\ufeff{\"key\":1,\"data\":\"é\"}"))).isEqualTo("\"é\"");
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "-5, -5", "-0, 0", "'\"1\"', 1", "'\"01\"', 01", "'\"\\u0031\"', 1"})
  void parse_key_isItsText(String json, String text) throws Exception {
    assertThat(parse("{\"key\":" + json + ",\"data\":1}").key()).isEqualTo(Key.of(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"data\":1}", "{}", "{\"key\":null}", "{\"key\":\"\"}", "{\"key\":\"null\"}"})
  void parse_noKey_isTheSeedsRefusal(String body) {
    assertThatThrownBy(() -> parse(body)).isInstanceOf(NullKeyException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''| the body is empty",
        "[]| must be a JSON object, at byte 0",
        "' 5'| must be a JSON object, at byte 1",
        "nonsense| not valid JSON",
        "{\"key\":1| not valid JSON",
        "{\"key\":1}| no member data",
        "{\"key\":1.5,\"data\":1}| key must be a string or an integer, at byte 7",
        "{\"key\":true,\"data\":1}| key must be a string or an integer",
        "{\"key\":[1],\"data\":1}| key must be a string or an integer",
        "{\"key\":{},\"data\":1}| key must be a string or an integer",
        "{\"key\":1,\"key\":2,\"data\":1}| key is given twice, at byte 15",
        "{\"key\":1,\"data\":1,\"data\":2}| data is given twice",
        "{\"key\":1,\"data\":01}| not valid JSON",
        "{\"key\":1,\"data\":NaN}| not valid JSON",
        "{\"key\":1,\"data\":1} {}| something after its object, at byte 19"
      })
  void parse_malformed_saysWhatAndWhere(String body, String detail) {
    refuses(body.getBytes(StandardCharsets.UTF_8), detail.strip());
  }

  @Test
  void parse_notUtf8_saysWhere() {
    refuses(new byte[] {'{', '"', (byte) 0xff}, "not valid UTF-8, at byte 2");
    refuses("{}".getBytes(StandardCharsets.UTF_16LE), "not valid JSON in UTF-8, at byte 1");
  }

  @Test
  void parse_nestedTooDeep_refuses() {
    String deep = "[".repeat(2000) + "]".repeat(2000);
    refuses(
        ("{\"key\":1,\"data\":" + deep + "}").getBytes(StandardCharsets.UTF_8), "nesting depth");
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void parse_anyBytes_neverFailsOtherwise(long seed) {
    Random random = new Random(seed);
    byte[] body = new byte[random.nextInt(61)];
    random.nextBytes(body);
    assertThatThrownBy(() -> SimpleBody.parse(body))
        .isInstanceOfAny(ProblemException.class, NullKeyException.class);
  }

  private static LongStream seeds() {
    return LongStream.range(0, 1000);
  }

  private static SimpleBody parse(String body) throws Exception {
    return SimpleBody.parse(body.getBytes(StandardCharsets.UTF_8));
  }

  private static String data(SimpleBody body) {
    return new String(body.data(), StandardCharsets.UTF_8);
  }

  private static void refuses(byte[] body, String detail) {
    assertThatThrownBy(() -> SimpleBody.parse(body))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining(detail);
  }
}
