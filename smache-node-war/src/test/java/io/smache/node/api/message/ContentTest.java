package io.smache.node.api.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smache.node.store.Format;
import io.smache.node.store.Gzip;
import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentTest {
  private static final int LIMIT = 100;

  @Test
  void read_noType_isBytes() throws IOException {
    Content content = Content.read(put("x"), LIMIT);
    assertThat(content.bytes()).asString(UTF_8).isEqualTo("x");
    assertThat(content.format()).isEqualTo(Format.BYTES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "text/plain;charset=utf-8",
        "text/plain ; charset=\"a;b\\\"c\"",
        "text/plain;",
        "application/vnd.x+json;v=1;;w=2"
      })
  void read_mediaType_isKeptAsItIs(String type) throws IOException {
    assertThat(Content.read(put("x").with("Content-Type", type), LIMIT).format().type())
        .isEqualTo(type);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "text", "text/", "/plain", "text/plain;charset", "a/b, c/d", "a b/c"})
  void read_noMediaType_isRefused(String type) {
    assertThatThrownBy(() -> Content.read(put("x").with("Content-Type", type), LIMIT))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("Content-Type is '" + type + "'");
  }

  @Test
  void read_gzip_keepsTheCodedBytesAndChecksThem() throws IOException {
    byte[] coded = Gzip.encode("x".repeat(LIMIT).getBytes(UTF_8));
    Content content = Content.read(gzip(coded), LIMIT);
    assertThat(content.bytes()).isEqualTo(coded);
    assertThat(content.format().encoding()).isEqualTo("gzip");
    assertThat(content.plain(LIMIT)).hasSize(LIMIT);
    assertStatus(gzip(Gzip.encode(new byte[LIMIT + 1])), Status.CONTENT_TOO_LARGE);
    assertStatus(gzip(Arrays.copyOf(coded, coded.length - 1)), Status.BAD_REQUEST);
    assertStatus(gzip("no gzip".getBytes(UTF_8)), Status.BAD_REQUEST);
  }

  @Test
  void read_otherCoding_isUnsupported() throws IOException {
    assertStatus(put("x").with("Content-Encoding", "br"), Status.UNSUPPORTED_MEDIA_TYPE);
    assertStatus(put("x").with("Content-Encoding", "gzip, gzip"), Status.UNSUPPORTED_MEDIA_TYPE);
    assertThat(Content.read(put("x").with("Content-Encoding", "Identity"), LIMIT).format())
        .isEqualTo(Format.BYTES);
  }

  private static void assertStatus(FakeRequest request, Status status) {
    assertThatThrownBy(() -> Content.read(request, LIMIT))
        .isInstanceOfSatisfying(
            ProblemException.class, refused -> assertThat(refused.status()).isEqualTo(status));
  }

  private static FakeRequest gzip(byte[] coded) {
    return new FakeRequest("PUT", "/").with("Content-Encoding", "gzip").body(coded);
  }

  private static FakeRequest put(String body) {
    return new FakeRequest("PUT", "/").body(body);
  }
}
