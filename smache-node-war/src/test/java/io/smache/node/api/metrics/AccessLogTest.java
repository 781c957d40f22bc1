package io.smache.node.api.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.smache.node.api.message.FakeRequest;
import io.smache.protocol.message.Status;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AccessLogTest {
  private static Answered answered(String path) {
    return new Answered(
        Answered.Asked.of(new FakeRequest("GET", path)),
        Instant.parse("2026-11-28T15:04:05.678Z"),
        Status.OK,
        1_234_567,
        42,
        "node-a");
  }

  @Test
  void line_isTheCommonLogFormatWithOwnerAndTime() {
    assertThat(AccessLog.line(answered("/api/caches/c/entries/k?lease=1s"), "web"))
        .isEqualTo(
            "127.0.0.1 - web [28/Nov/2026:15:04:05 +0000]"
                + " \"GET /api/caches/c/entries/k HTTP/1.1\" 200 42 node-a 1234");
  }

  @Test
  void line_ofWhatIsNotKnown_hasDashes() {
    Answered plain =
        new Answered(answered("/").asked(), Instant.EPOCH, Status.NO_CONTENT, 999, -1, null);
    assertThat(AccessLog.line(plain, null))
        .isEqualTo("127.0.0.1 - - [01/Jan/1970:00:00:00 +0000] \"GET / HTTP/1.1\" 204 - - 0");
  }

  /** A server may let through what no client should send. */
  @Test
  void line_isOneLineWhateverIsAskedFor() {
    assertThat(AccessLog.line(answered("/a\n\"b\" \u0007é"), null))
        .contains("\"GET /a??b???? HTTP/1.1\"")
        .hasLineCount(1);
  }
}
