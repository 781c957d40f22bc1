package io.smache.node.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GzipTest {
  private static final byte[] TEXT = "some text ".repeat(50).getBytes(UTF_8);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 10, 1023, 100_000})
  void decode_ofWhatWasEncoded_isTheSame(int length) throws IOException {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    assertThat(Gzip.decode(Gzip.encode(bytes), length)).isEqualTo(bytes);
  }

  @Test
  void decode_ofSeveralMembers_isOneValue() throws IOException {
    byte[] two = joined(Gzip.encode(TEXT), Gzip.encode(new byte[0]), Gzip.encode(TEXT));
    assertThat(Gzip.decode(two, 2 * TEXT.length)).isEqualTo(joined(TEXT, TEXT));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 9, 17, 18, 19, 20, 100})
  void decode_withBytesBehindTheMember_isRefused(int more) {
    byte[] zeros = new byte[more];
    byte[] others = new byte[more];
    new Random(more).nextBytes(others);
    for (byte[] rest : new byte[][] {zeros, others}) {
      assertThatThrownBy(() -> Gzip.decode(joined(Gzip.encode(TEXT), rest), 10_000))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void decode_ofAPartOfAMember_isRefused() {
    byte[] encoded = Gzip.encode(TEXT);
    for (int length = 0; length < encoded.length; length++) {
      byte[] part = Arrays.copyOf(encoded, length);
      assertThatThrownBy(() -> Gzip.decode(part, 10_000)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void decode_ofMoreThanAllowed_isRefused() {
    assertThatThrownBy(() -> Gzip.decode(Gzip.encode(TEXT), TEXT.length - 1))
        .isInstanceOf(Gzip.TooLongException.class);
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
