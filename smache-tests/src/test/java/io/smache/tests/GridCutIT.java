package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A grid of three nodes whose network is cut: who is alone serves nothing, the others go on. */
@Tag(Cluster.GRID)
class GridCutIT {
  private static final String ALONE = "b";
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int KEYS = 200;
  private static final long SEED = Long.getLong("smache.chaos.seed", 7);

  private final Cluster cluster = Cluster.networked();
  private final Network network = Network.shared();
  private final String cache = Entries.fresh("cut");
  private final List<String> keys = IntStream.range(0, 60).mapToObj(i -> "key-" + i).toList();

  @AfterEach
  void heal() {
    network.heal();
    cluster.awaitMembers("a", "b");
  }

  private int write(String key, String value) {
    return Entries.put(cluster.a, cache, key, value).statusCode();
  }

  /** Until the others notice that one is gone, its keys may be unavailable. */
  private void awaitServed(String key, String value) {
    await(key + " is written by most members")
        .atMost(Server.TIMEOUT)
        .pollInterval(POLL)
        .until(() -> write(key, value) != 503);
  }

  @Test
  void minority_servesNothing_andHasWhatTheOthersWroteWhenTheCutHeals() {
    try (Clients clients =
        new Clients(Entries.fresh("histories"), KEYS, SEED, List.of(cluster.a, cluster.b))) {
      cutAndHeal();
      clients.finish();
      assertThat(clients.wrong()).isEmpty();
      assertThat(clients.requests()).isGreaterThan(1000);
      clients.assertLinearizable(Set.of());
    }
  }

  private void cutAndHeal() {
    keys.forEach(key -> assertThat(write(key, "before")).isEqualTo(201));
    assertThat(write("deleted", "before")).isEqualTo(201);
    network.separate(network.host(ALONE), network.host("a"), network.host("g"));
    keys.forEach(key -> awaitServed(key, "after"));
    assertThat(Http.send("DELETE", Entries.one(cluster.a, cache, "deleted"), null).statusCode())
        .isEqualTo(204);
    await("the one that is alone notices")
        .atMost(Server.TIMEOUT)
        .pollInterval(POLL)
        .until(() -> Entries.get(cluster.b, cache, "key-0").statusCode() == 503);
    for (String key : keys) {
      HttpResponse<String> read = Entries.get(cluster.b, cache, key);
      assertThat(read.statusCode()).as(read.body()).isEqualTo(503);
      assertThat(Http.header(read, "Retry-After")).isNotEmpty();
    }
    HttpResponse<String> refused = Entries.put(cluster.b, cache, "key-0", "alone");
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(Http.get(cluster.b.url() + "/healthcheck/ready").statusCode()).isEqualTo(503);
    network.heal();
    await("the three are one grid again")
        .atMost(Server.TIMEOUT)
        .pollInterval(POLL)
        .until(() -> Http.get(cluster.b.url() + "/healthcheck/ready").statusCode() == 200);
    cluster.awaitMembers("a", "b");
    for (Server each : List.of(cluster.a, cluster.b)) {
      keys.forEach(
          key -> assertThat(Entries.get(each, cache, key).body()).as(key).isEqualTo("after"));
      assertThat(Entries.get(each, cache, "deleted").statusCode()).isEqualTo(404);
    }
  }
}
