package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.smache.tests.Action.Kind;
import io.smache.tests.Action.Result;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Clients that use a cluster all the time, and remember everything. They leave the machine time for
 * what happens to the cluster meanwhile: servers start on the same cores.
 */
final class Clients implements AutoCloseable {
  private static final int THREADS = 8;
  private static final Duration PAUSE = Duration.ofMillis(25);

  private final String cache;
  private final int keys;
  private final List<Server> nodes = new CopyOnWriteArrayList<>();
  private final Map<String, Queue<Action>> history = new ConcurrentHashMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong unavailable = new AtomicLong();
  private final Map<String, Long> reasons = new ConcurrentHashMap<>();
  private volatile boolean done;

  /** Begins to send requests to the nodes. */
  Clients(String cache, int keys, long seed, List<Server> nodes) {
    this.cache = cache;
    this.keys = keys;
    this.nodes.addAll(nodes);
    for (int i = 0; i < THREADS; i++) {
      Random random = new Random(seed + i);
      String name = "client-" + i;
      Thread thread = new Thread(() -> work(name, random), name);
      threads.add(thread);
      thread.start();
    }
  }

  /** From now on sends to this node as well. */
  void use(Server node) {
    nodes.add(node);
  }

  /** Stops sending to this node, as a balancer does when it is not ready. */
  void spare(Server node) {
    nodes.remove(node);
  }

  String key(int number) {
    return (number % 5 == 0 ? "count-" : "key-") + number;
  }

  /** Fails unless the history of every key but the excused ones is linearizable. */
  void assertLinearizable(Set<String> excused) {
    history.forEach(
        (key, actions) -> {
          if (!excused.contains(key)) {
            assertThat(Linearizability.holds(List.copyOf(actions)))
                .as(() -> key + " of " + cache + ": " + actions)
                .isTrue();
          }
        });
  }

  long requests() {
    return requests.get();
  }

  long unavailable() {
    return unavailable.get();
  }

  /** Returns how often each reason of a 503 was given. */
  Map<String, Long> reasons() {
    return reasons;
  }

  /** Returns what was answered that no request may ever be answered. */
  Queue<String> wrong() {
    return wrong;
  }

  @Override
  public void close() {
    finish();
  }

  /** Sends nothing more, and returns when everything is answered. */
  void finish() {
    done = true;
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void work(String name, Random random) {
    for (int i = 0; !done; i++) {
      int number = random.nextInt(keys);
      Server node = nodes.get(random.nextInt(nodes.size()));
      String key = key(number);
      if (number % 5 == 0) {
        Kind kind = random.nextBoolean() ? Kind.INCREMENT : Kind.GET;
        send(node, key, kind, null, null);
      } else {
        act(node, key, random, name + "-" + i);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private void act(Server node, String key, Random random, String value) {
    switch (random.nextInt(6)) {
      case 0 -> send(node, key, Kind.PUT, value, null);
      case 1 -> send(node, key, Kind.DELETE, null, null);
      case 2 -> send(node, key, Kind.CREATE, value, null);
      case 3 -> {
        HttpResponse<String> read = send(node, key, Kind.GET, null, null);
        if (read != null && read.statusCode() == 200) {
          send(node, key, Kind.SWAP, value, read);
        }
      }
      default -> send(node, key, Kind.GET, null, null);
    }
  }

  private @Nullable HttpResponse<String> send(
      Server node,
      String key,
      Kind kind,
      @Nullable String value,
      @Nullable HttpResponse<String> read) {
    String url = Entries.one(node, cache, key);
    long began = System.nanoTime();
    HttpResponse<String> response = null;
    try {
      response =
          switch (kind) {
            case GET -> Http.send("GET", url, null);
            case PUT -> Http.send("PUT", url, value);
            case DELETE -> Http.send("DELETE", url, null);
            case CREATE -> Http.send("PUT", url, value, "If-None-Match", "*");
            case SWAP -> Http.send("PUT", url, value, "If-Match", etag(read));
            case INCREMENT -> Http.send("POST", url + "/increment", null);
          };
    } catch (UncheckedIOException e) {
      wrong.add(kind + " " + key + " at " + node.url() + ": " + e.getCause());
    }
    requests.incrementAndGet();
    Result result = response == null ? Result.UNKNOWN : result(response, kind + " " + key);
    long ended = result == Result.UNKNOWN ? Long.MAX_VALUE : System.nanoTime();
    history
        .computeIfAbsent(key, none -> new ConcurrentLinkedQueue<>())
        .add(
            new Action(
                kind,
                value,
                read == null ? null : read.body(),
                seen(kind, response),
                result,
                began,
                ended));
    return response;
  }

  private static String etag(@Nullable HttpResponse<String> read) {
    return read == null ? "*" : Entries.etag(read);
  }

  private static @Nullable String seen(Kind kind, @Nullable HttpResponse<String> response) {
    boolean reads = kind == Kind.GET || kind == Kind.INCREMENT;
    return reads && response != null && response.statusCode() == 200 ? response.body() : null;
  }

  private Result result(HttpResponse<String> response, String request) {
    boolean reads = request.startsWith("GET") || request.startsWith("INCREMENT");
    if (reads != (response.statusCode() == 200 && !response.body().isEmpty())
        && response.statusCode() < 300) {
      wrong.add(request + ": an empty " + response.statusCode());
    }
    return switch (response.statusCode()) {
      case 200, 201, 204 -> Result.DONE;
      case 404 -> request.startsWith("GET") ? Result.DONE : Result.REFUSED;
      case 412 -> Result.REFUSED;
      case 503 -> {
        unavailable.incrementAndGet();
        reasons.merge(Http.json(response).path("detail").asText(), 1L, Long::sum);
        yield Result.UNKNOWN;
      }
      default -> {
        wrong.add(request + ": " + response.statusCode() + " " + response.body());
        yield Result.UNKNOWN;
      }
    };
  }
}
