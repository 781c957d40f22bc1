package io.smache.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MergePatchTest {
  /** The test cases of RFC 7396, appendix A, and some about what stays as it was written. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":\"b\"}|{\"a\":\"c\"}|{\"a\":\"c\"}",
        "{\"a\":\"b\"}|{\"b\":\"c\"}|{\"a\":\"b\",\"b\":\"c\"}",
        "{\"a\":\"b\"}|{\"a\":null}|{}",
        "{\"a\":\"b\",\"b\":\"c\"}|{\"a\":null}|{\"b\":\"c\"}",
        "{\"a\":[\"b\"]}|{\"a\":\"c\"}|{\"a\":\"c\"}",
        "{\"a\":\"c\"}|{\"a\":[\"b\"]}|{\"a\":[\"b\"]}",
        "{\"a\":{\"b\":\"c\"}}|{\"a\":{\"b\":\"d\",\"c\":null}}|{\"a\":{\"b\":\"d\"}}",
        "{\"a\":[{\"b\":\"c\"}]}|{\"a\":[1]}|{\"a\":[1]}",
        "[\"a\",\"b\"]|[\"c\",\"d\"]|[\"c\",\"d\"]",
        "{\"a\":\"b\"}|[\"c\"]|[\"c\"]",
        "{\"a\":\"foo\"}|null|null",
        "{\"a\":\"foo\"}|\"bar\"|\"bar\"",
        "{\"e\":null}|{\"a\":1}|{\"e\":null,\"a\":1}",
        "[1,2]|{\"a\":\"b\",\"c\":null}|{\"a\":\"b\"}",
        "{}|{\"a\":{\"bb\":{\"ccc\":null}}}|{\"a\":{\"bb\":{}}}",
        "{\"a\":-0.0}|{\"b\":1}|{\"a\":-0.0,\"b\":1}",
        "{\"a\":1E400,\"b\":1e-400}|{\"c\":-0.0}|{\"a\":1E400,\"b\":1e-400,\"c\":-0.0}",
        "{ \"a\" : 1.0e+1 , \"b\":2 }|{\"b\":null}|{ \"a\" : 1.0e+1 }",
        "{\"\\u0061\":[1, 2],\"b\":{\"c\": -0}}|{\"b\":{\"d\":3}}|{\"\\u0061\":[1, 2],\"b\":{\"c\": -0,\"d\":3}}",
        "{\"\\u0061\":1}|{\"a\":2}|{\"\\u0061\":2}",
        "{\"a\":1,\"b\":0,\"a\":2}|{\"a\":3}|{\"a\":3,\"b\":0}",
        "{\"a\":1,\"a\":2}|{\"a\":null}|{}",
        "{\"a\":1}|{}|{\"a\":1}",
        "{ }|{\"a\":1}|{\"a\":1 }",
        "5|{\"a\":{\"b\":null,\"c\":-0.0}}|{\"a\":{\"c\":-0.0}}",
        "{\"a\":5}|-0.0|-0.0",
        "{\"é\":1}|{\"ü\\n\":\"ß\"}|{\"é\":1,\"ü\\n\":\"ß\"}",
        "{\"a\":2.50}|{\"b\":123456789012345678901234567890.10}|{\"a\":2.50,\"b\":123456789012345678901234567890.10}"
      })
  void merge_followsTheRfc(String target, String patch, String result) throws JsonValueException {
    assertThat(new String(MergePatch.apply(bytes(target), bytes(patch)), StandardCharsets.UTF_8))
        .isEqualTo(result);
  }

  @Test
  void merge_intoAMemberThatIsThereTwice_isRefused() {
    String twice = "{\"a\":{\"x\":1},\"a\":{\"y\":2}}";
    assertThatThrownBy(() -> MergePatch.apply(bytes(twice), bytes("{\"a\":{\"z\":3}}")))
        .isInstanceOf(JsonValueException.class)
        .hasMessageContaining("'a' twice");
  }

  @Test
  void merge_intoWhatIsNoJson_isRefused() {
    assertThatThrownBy(() -> MergePatch.apply(bytes("{nonsense"), bytes("{}")))
        .isInstanceOf(JsonValueException.class)
        .hasMessageContaining("not valid JSON");
  }

  @Test
  void merge_intoTextOfAnotherEncoding_isRefused() {
    byte[] wide = "{\"a\":1}".getBytes(StandardCharsets.UTF_16BE);
    assertThatThrownBy(() -> MergePatch.apply(wide, bytes("{\"b\":1}")))
        .isInstanceOf(JsonValueException.class)
        .hasMessageContaining("UTF-8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\":1", "{}{}", "{\"a\":01}", "nan", ""})
  void merge_ofAPatchThatIsNoJson_isRefused(String patch) {
    assertThatThrownBy(() -> MergePatch.apply(bytes("{}"), bytes(patch)))
        .isInstanceOf(JsonValueException.class);
  }

  @Test
  void merge_ofTwoDeepTexts_readsEachOnce() throws JsonValueException {
    int depth = 900;
    String filler = "\"f\":\"" + "x".repeat(100_000) + "\"";
    String target = "{\"a\":".repeat(depth) + "{" + filler + "}" + "}".repeat(depth);
    String patch = "{\"a\":".repeat(depth) + "{\"b\":1}" + "}".repeat(depth);
    assertThat(MergePatch.apply(bytes(target), bytes(patch)))
        .isEqualTo(bytes(target.replace(filler, filler + ",\"b\":1")));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
