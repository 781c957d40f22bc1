package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docker/nginx.conf. */
class NginxIT extends BalancerCases {
  private static final int CLIENTS = 2;
  private static final List<String> KEYS =
      IntStream.range(0, 60).mapToObj(i -> "balanced-" + i).toList();

  @Override
  Program balancer(Path directory, int one, int other) {
    return Nginx.balancer(directory, one, other);
  }

  @Test
  @Tag(Cluster.SHARDS)
  void node_killedUnderLoad_onlyItsKeysFail(@TempDir Path directory) {
    String name = Entries.fresh("dying");
    Queue<String> failed = new ConcurrentLinkedQueue<>();
    List<String> living;
    try (Server dying = cluster.node(name, Map.of());
        Program balancer = balancer(directory, cluster.a.port(), dying.port())) {
      cluster.awaitMembers("a", "b", name);
      dying.awaitAnswer("/healthcheck/ready");
      living = KEYS.stream().filter(key -> !cluster.owner(key).equals(name)).toList();
      KEYS.forEach(key -> assertThat(status("PUT", entry(balancer, key), "0")).isEqualTo(201));
      AtomicBoolean loading = new AtomicBoolean(true);
      List<CompletableFuture<Void>> clients =
          IntStream.range(0, CLIENTS)
              .mapToObj(i -> CompletableFuture.runAsync(() -> load(balancer, loading, failed)))
              .toList();
      try {
        assertThat(failed).isEmpty();
        dying.kill();
        living.forEach(key -> assertWritable(balancer, key));
        cluster.awaitMembers("a", "b");
      } finally {
        loading.set(false);
      }
      clients.forEach(CompletableFuture::join);
      KEYS.forEach(key -> assertWritable(balancer, key));
    }
    assertThat(failed).as("the dead node has keys").isNotEmpty();
    assertThat(failed).doesNotContainAnyElementsOf(living);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          PUT    | If-Match: *                                        | 1
          PUT    | If-None-Match: *                                   | 1
          DELETE | If-Match: "x"                                      | 1
          DELETE | If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT | 1
          PUT    | Cache-Group-Invalidation: "g"                      | 1
          POST   | Accept: */*                                        | 1
          PATCH  | If-Match: *                                        | 1
          PUT    | Accept: */*                                        | 2
          DELETE | Accept: */*                                        | 2
          GET    | If-None-Match: "x"                                 | 2
          """)
  void request_notAnswered_isRepeatedWhereThatDoesNoHarm(
      String method, String field, int times, @TempDir Path directory) {
    String[] header = field.split(": ", 2);
    for (int status : List.of(StubNode.CLOSE, 503)) {
      try (StubNode one = new StubNode(status);
          StubNode other = new StubNode(status);
          Program balancer = balancer(directory, one.port(), other.port())) {
        HttpResponse<String> failed =
            Http.send(method, balancer.url() + "/api/caches/c/entries/k", "v", header);
        assertThat(failed.statusCode()).isEqualTo(503);
        assertThat(one.hosts().size() + other.hosts().size()).as("%d", status).isEqualTo(times);
      }
    }
  }

  /** Reads and writes all keys in turn, and notes those for which it fails. */
  private static void load(Program balancer, AtomicBoolean loading, Queue<String> failed) {
    for (int i = 0; loading.get(); i++) {
      String key = KEYS.get(i % KEYS.size());
      try {
        if (status("PUT", entry(balancer, key), "1") >= 400
            || status("GET", entry(balancer, key), null) >= 500) {
          failed.add(key);
        }
      } catch (UncheckedIOException e) {
        failed.add(key);
      }
    }
  }

  /** Asserts that every kind of write is done. */
  private static void assertWritable(Program balancer, String key) {
    String json = "{\"key\":\"%s\",\"data\":1}".formatted(key);
    String patch = "application/merge-patch+json";
    String entry = entry(balancer, key);
    assertAll(
        key,
        () -> assertThat(Http.post(balancer.url(), json).statusCode()).isEqualTo(200),
        () -> assertThat(status("PUT", entry, "2", "If-Match", "*")).isEqualTo(204),
        () -> assertThat(status("PATCH", entry, null)).isEqualTo(204),
        () -> assertThat(status("PUT", entry, "{}", "Content-Type", "text/json")).isEqualTo(204),
        () -> assertThat(status("PATCH", entry, "{}", "Content-Type", patch)).isIn(200, 415));
  }
}
