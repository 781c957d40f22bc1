package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** docs/protocol.md, bounded memory: a node of its own with a small heap. */
class MemoryIT {
  private static final long BOUND = 64L << 20;
  private static final int LARGEST = 8 << 20;
  private static final int CLIENTS = 64;

  @Test
  void puts_ofTenTimesTheBound_keepItAndTheNodeLives() throws Exception {
    int port = Server.freePort();
    Map<String, String> settings =
        Map.of("SMACHE_MAX_BYTES", Long.toString(BOUND), "SMACHE_HEAP", "384m");
    try (Server node = Server.node("small", port, settings)) {
      node.awaitAnswer("/healthcheck/ready");
      fill(node);
      // What is too much goes a moment later, by another thread than the one that wrote.
      await("the bound is kept")
          .atMost(Server.TIMEOUT)
          .untilAsserted(
              () -> {
                JsonNode statistics = CachesIT.statistics(node, "fill");
                long bytes = statistics.get("bytes").longValue();
                assertThat(bytes).isBetween(BOUND / 2, BOUND * 105 / 100);
                assertThat(statistics.get("evictions").longValue()).isPositive();
              });
      assertThat(Entries.put(node, "fill", "after", "x").statusCode()).isEqualTo(201);
      assertThat(Entries.get(node, "fill", "after").body()).isEqualTo("x");
      Entries.assertProblem(
          Http.send("PUT", Entries.one(node, "fill", "large"), "x".repeat(LARGEST + 1)),
          413,
          Integer.toString(LARGEST));
      node.assertUnharmed();
      assertThatNamesAreLimited(node);
    }
  }

  /** Each name costs some KB, also after its cache was dropped. */
  private static void assertThatNamesAreLimited(Server node) {
    int accepted = 1;
    while (accepted < 1100 && Entries.put(node, "name-" + accepted, "k", "x").statusCode() == 201) {
      accepted++;
    }
    assertThat(accepted).isEqualTo(1000);
    Entries.assertProblem(Entries.put(node, "one-more", "k", "x"), 409, "1000 cache names");
    Entries.assertProblem(
        Http.administer("PUT", node.url() + "/api/caches/one-more", "{}"), 409, "cache names");
    assertThat(Entries.put(node, "name-1", "other", "x").statusCode()).isEqualTo(201);
  }

  private static void fill(Server node) throws Exception {
    AtomicLong written = new AtomicLong();
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    List<Future<?>> running =
        IntStream.range(0, CLIENTS)
            .<Future<?>>mapToObj(client -> clients.submit(() -> write(node, client, written)))
            .toList();
    for (Future<?> each : running) {
      each.get(5, TimeUnit.MINUTES);
    }
    clients.shutdown();
  }

  /** Lengths from 10 bytes to 8 MB, each power of two as often as any other. */
  private static void write(Server node, int client, AtomicLong written) {
    Random random = new Random(client);
    for (int i = 0; written.get() < 10 * BOUND; i++) {
      byte[] value = new byte[Math.min(LARGEST, 10 << random.nextInt(21))];
      String entry = Entries.one(node, "fill", client + "-" + i);
      int status = Http.sendBytes("PUT", entry, value).statusCode();
      for (int tries = 0; status == 503 && tries < 10_000; tries++) {
        // More bodies are on their way than there is room for: the same request may be sent again.
        status = Http.sendBytes("PUT", entry, value).statusCode();
      }
      assertThat(status).isEqualTo(201);
      written.addAndGet(value.length);
    }
  }
}
