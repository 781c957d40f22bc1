package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Three nodes with a grid and many entries, of which one after the other dies at a random moment
 * while eight writers work: every entry has the value that was acknowledged last. {@code
 * scripts/chaos.sh --engine grid} does it with a million entries.
 */
@Tag(Cluster.GRID)
class KillIT {
  private static final int ENTRIES = Integer.getInteger("smache.kill.entries", 20_000);
  private static final int KILLS = Integer.getInteger("smache.kill.times", 3);
  private static final long SEED = Long.getLong("smache.chaos.seed", 7);
  private static final int WRITERS = 8;
  private static final int BATCH = 1_000;
  private static final String CACHE = "kill";
  private static final String HEAP = ENTRIES > 100_000 ? "2g" : "512m";

  private final Random random = new Random(SEED);
  private final List<Server> nodes = new ArrayList<>();

  /** The number that each entry has; negative while it is not known whether it has the next. */
  private final AtomicIntegerArray written = new AtomicIntegerArray(ENTRIES);

  private final LongAdder writes = new LongAdder();
  private final LongAdder unavailable = new LongAdder();

  @Test
  void kills_atRandomMoments_loseNothing() throws Exception {
    Map<String, String> settings =
        Map.of("SMACHE_SECRET", Cluster.SECRET, "SMACHE_LEASE_SECONDS", "3");
    try (Server uplink = Server.uplink(Host.LOOPBACK, Server.freePort(), settings)) {
      for (int i = 0; i < 3; i++) {
        nodes.add(GridNodes.begin("kill-" + i, uplink, Map.of("SMACHE_HEAP", HEAP)));
      }
      GridNodes.awaitWhole(nodes);
      fill();
      for (int i = 0; i < KILLS; i++) {
        kill(nodes.get(random.nextInt(nodes.size())));
      }
    } finally {
      nodes.forEach(Server::kill);
    }
  }

  private static String key(int number) {
    return "entry-%07d".formatted(number);
  }

  private static String value(int number, int written) {
    return "\"%s of entry %07d, and some more text\"".formatted(written, number);
  }

  private void fill() {
    long began = System.nanoTime();
    for (int from = 0; from < ENTRIES; from += BATCH) {
      StringBuilder batch = new StringBuilder("[");
      for (int i = from; i < from + BATCH; i++) {
        batch
            .append(i == from ? "" : ",")
            .append("{\"op\":\"put\",\"key\":\"")
            .append(key(i))
            .append("\",\"value\":")
            .append(value(i, 0))
            .append('}');
      }
      for (JsonNode result : send(nodes.get(from / BATCH % nodes.size()), batch.append(']'))) {
        assertThat(result.get("status").intValue()).as(result.toString()).isEqualTo(201);
      }
    }
    say("%d entries written in %d ms".formatted(ENTRIES, millisSince(began)));
  }

  private static JsonNode send(Server node, CharSequence batch) {
    HttpResponse<String> response =
        Http.send(
            "POST",
            node.url() + "/api/caches/" + CACHE + "/batch",
            batch.toString(),
            "Content-Type",
            "application/json");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return Http.json(response);
  }

  private void kill(Server victim) throws Exception {
    List<Server> others = nodes.stream().filter(each -> each != victim).toList();
    AtomicBoolean ended = new AtomicBoolean();
    AtomicLong gap = new AtomicLong();
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    List<Future<?>> writers = new ArrayList<>();
    writes.reset();
    unavailable.reset();
    for (int i = 0; i < WRITERS; i++) {
      int writer = i;
      writers.add(
          threads.submit(() -> write(writer, others.get(writer % others.size()), ended, gap)));
    }
    long some = 2_000L + random.nextInt(5_000);
    await().atMost(Server.TIMEOUT).until(() -> writes.sum() > some);
    victim.kill();
    GridNodes.awaitWhole(others);
    long served = writes.sum();
    await().atMost(Server.TIMEOUT).until(() -> writes.sum() > served + some);
    ended.set(true);
    for (Future<?> each : writers) {
      each.get();
    }
    threads.shutdown();
    say(
        "%s killed: %d writes, %d of them 503, longest gap of a writer %d ms"
            .formatted(
                victim.url(),
                writes.sum(),
                unavailable.sum(),
                TimeUnit.NANOSECONDS.toMillis(gap.get())));
    assertAllThere(others);
    victim.restart();
    GridNodes.awaitWhole(nodes);
  }

  /** Writes entries that no other writer writes, each time the next number. */
  private void write(int writer, Server node, AtomicBoolean ended, AtomicLong gap) {
    Random own = new Random(SEED + writer);
    long last = System.nanoTime();
    while (!ended.get()) {
      int number = own.nextInt(ENTRIES / WRITERS) * WRITERS + writer;
      int next = Math.abs(written.get(number)) + 1;
      String url = "%s/api/caches/%s/entries/%s".formatted(node.url(), CACHE, key(number));
      HttpResponse<String> put =
          Http.send("PUT", url, value(number, next), "Content-Type", "application/json");
      assertThat(put.statusCode()).as(put.body()).isIn(201, 204, 503);
      boolean done = put.statusCode() != 503;
      written.set(number, done ? next : -next);
      (done ? writes : unavailable).increment();
      if (done) {
        long now = System.nanoTime();
        long pause = now - last;
        gap.accumulateAndGet(pause, Math::max);
        last = now;
      }
    }
  }

  private void assertAllThere(List<Server> members) {
    long began = System.nanoTime();
    for (int from = 0; from < ENTRIES; from += BATCH) {
      StringBuilder batch = new StringBuilder("[");
      for (int i = from; i < from + BATCH; i++) {
        batch.append(i == from ? "" : ",").append("{\"op\":\"get\",\"key\":\"").append(key(i));
        batch.append("\"}");
      }
      JsonNode results = send(members.get(from / BATCH % members.size()), batch.append(']'));
      for (int i = from; i < from + BATCH; i++) {
        JsonNode value = results.get(i - from).get("value");
        assertThat(value).as("%s: %s", key(i), results.get(i - from)).isNotNull();
        int last = written.get(i);
        if (last >= 0) {
          assertThat(value.toString()).isEqualTo(value(i, last));
        } else {
          assertThat(value.toString()).isIn(value(i, -last), value(i, -last - 1));
        }
      }
    }
    say(
        "%d entries read back in %d ms: none lost, none wrong"
            .formatted(ENTRIES, millisSince(began)));
  }

  private static long millisSince(long began) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
  }

  private static void say(String line) {
    System.out.println("KillIT: " + line);
  }
}
