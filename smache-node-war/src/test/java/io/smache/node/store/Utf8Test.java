package io.smache.node.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class Utf8Test {
  @Test
  void malformedAt_wellFormed_isNowhere() {
    assertThat(Utf8.malformedAt("aé日💥".repeat(2000).getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(-1);
    assertThat(Utf8.malformedAt(new byte[0])).isEqualTo(-1);
  }

  @Test
  void malformedAt_behindTheFirstChunk_isFound() {
    byte[] bytes = "a".repeat(5000).getBytes(StandardCharsets.UTF_8);
    bytes[4321] = (byte) 0xc0;
    assertThat(Utf8.malformedAt(bytes)).isEqualTo(4321);
  }

  @Test
  void malformedAt_cutOffOverlongOrSurrogate_isFound() {
    assertThat(Utf8.malformedAt(new byte[] {(byte) 0xe2, (byte) 0x82})).isZero();
    assertThat(Utf8.malformedAt(new byte[] {(byte) 0xc0, (byte) 0x80})).isZero();
    assertThat(Utf8.malformedAt(new byte[] {'a', (byte) 0xed, (byte) 0xa0, (byte) 0x80})).isOne();
  }
}
