package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/protocol.md, bad input: whatever is sent, no error of the server's, and it lives on. */
class FuzzIT {
  private static final int REQUESTS = 1500;

  private final Cluster cluster = Cluster.shared();

  /** Seeds that found something once, and a new one, which the name of a failed test shows. */
  static LongStream seeds() {
    return LongStream.of(1, 2, ThreadLocalRandom.current().nextLong());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void anyRequest_isAnsweredAndTheServerLives(long seed) throws Exception {
    Fuzz fuzz = new Fuzz(seed);
    for (int i = 0; i < REQUESTS; i++) {
      byte[] request = fuzz.next();
      Server node = i % 2 == 0 ? cluster.a : cluster.b;
      String answer;
      try (RawConnection connection = new RawConnection(node.url())) {
        answer = connection.exchange(request);
      }
      String shown =
          "request %d of seed %d:\n%s\nanswer:\n%s"
              .formatted(i, seed, new String(request, StandardCharsets.ISO_8859_1), answer);
      assertThat(answer).as(shown).startsWith("HTTP/1.1 ");
      int status = Integer.parseInt(answer.substring(9, 12));
      boolean unavailable = status == 503 && answer.contains("Retry-After");
      assertThat(status < 500 || status == 501 || unavailable).as(shown).isTrue();
      assertThat(answer).as(shown).doesNotContain("Exception");
    }
    assertThatTheContractHolds();
  }

  private void assertThatTheContractHolds() {
    String cache = Entries.fresh("after-fuzz");
    for (Server node : List.of(cluster.a, cluster.b)) {
      Entries.put(node, cache, "k", "1");
      HttpResponse<String> found = Entries.get(node, cache, "k");
      assertThat(found.body()).isEqualTo("1");
      String url = Entries.one(node, cache, "k");
      assertThat(Http.send("GET", url, null, "If-None-Match", Entries.etag(found)).statusCode())
          .isEqualTo(304);
      assertThat(Http.send("POST", url + "/increment", null).body()).isEqualTo("2");
      assertThat(Http.send("PATCH", url + "?ttl=1h", null).statusCode()).isEqualTo(204);
      assertThat(Http.send("DELETE", Entries.all(node, cache) + "?prefix=k", null).statusCode())
          .isEqualTo(204);
      assertThat(Entries.get(node, cache, "k").statusCode()).isEqualTo(404);
      assertThat(CachesIT.statistics(node, cache).get("cache").textValue()).isEqualTo(cache);
    }
    Http.administer("DELETE", cluster.a.url() + "/api/caches/fuzz", null);
  }
}
