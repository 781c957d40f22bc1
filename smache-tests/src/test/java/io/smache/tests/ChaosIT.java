package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Members come, go and die while clients work, in an order that a seed decides; every history of a
 * key has to be linearizable. {@code scripts/chaos.sh} does it for longer.
 */
class ChaosIT {
  private static final long SEED = Long.getLong("smache.chaos.seed", 7);
  private static final Duration TIME = Duration.ofSeconds(Long.getLong("smache.chaos.seconds", 0));
  private static final int KEYS = 200;

  private final Cluster cluster = Cluster.networked();
  private final Network network = Network.shared();
  private final Random random = new Random(SEED);

  /** The node that comes and goes: one of its own each time, so that none is held down. */
  private String third = "c";

  private final List<String> seen = new ArrayList<>();

  /** What happens to the cluster. */
  private enum Fault {
    UPLINK_PAUSES_WHILE_ONE_JOINS(true),
    JOIN_AND_TERMINATE(true),
    UPLINK_RESTARTS(true),
    JOIN_AND_DRAIN(true),
    UPLINK_PAUSES(true),
    JOIN_AND_KILL(false),
    JOIN_AND_PAUSE(false),
    UPLINK_IS_CUT_OFF(true),
    JOIN_AND_CUT_OFF(false),
    JOIN_AND_CUT_FROM_UPLINK(false),
    LINK_IS_CUT(false),
    JOIN_AND_KILL_WHILE_UPLINK_RESTARTS(false);

    final boolean planned;

    Fault(boolean planned) {
      this.planned = planned;
    }
  }

  @Test
  void plannedChanges_everyHistoryIsLinearizable() {
    run(true);
  }

  @Test
  void crashes_everyHistoryOfAKeyThatTheDeadDidNotOwnIsLinearizable() {
    run(false);
  }

  private void run(boolean planned) {
    List<Fault> faults =
        List.of(Fault.values()).stream().filter(f -> f.planned == planned).toList();
    Set<String> excused = new HashSet<>();
    Clients clients =
        new Clients(Entries.fresh("chaos"), KEYS, SEED, List.of(cluster.a, cluster.b));
    long until = System.nanoTime() + TIME.toNanos();
    int step = 0;
    try (clients) {
      do {
        boolean once = step < faults.size();
        Fault fault = once ? faults.get(step) : faults.get(random.nextInt(faults.size()));
        long began = clients.unavailable();
        step++;
        third = "c" + step;
        try {
          happen(fault, clients, excused);
        } finally {
          network.heal();
        }
        seen.add(fault + ": " + (clients.unavailable() - began) + " of the requests 503");
      } while (System.nanoTime() - until < 0);
    }
    report(clients, excused);
    assertThat(clients.wrong()).isEmpty();
    clients.assertLinearizable(excused);
    assertThat(clients.requests()).isGreaterThan(1000);
    if (planned) {
      assertThat(clients.unavailable() * 1000).as("503").isLessThan(clients.requests());
    }
  }

  private void report(Clients clients, Set<String> excused) {
    seen.forEach(System.out::println);
    clients.reasons().forEach((reason, times) -> System.out.println(times + " x 503: " + reason));
    System.out.printf(
        "seed %d: %d requests, %d of them 503, %d keys excused, wrong: %s%n",
        SEED, clients.requests(), clients.unavailable(), excused.size(), clients.wrong());
  }

  private void happen(Fault fault, Clients clients, Set<String> excused) {
    switch (fault) {
      case JOIN_AND_DRAIN -> joinAnd(clients, this::drain);
      case JOIN_AND_TERMINATE -> joinAnd(clients, Server::terminate);
      case JOIN_AND_KILL ->
          joinAnd(
              clients,
              node -> {
                excuse(clients, excused);
                node.kill();
              });
      case JOIN_AND_PAUSE ->
          joinAnd(
              clients,
              node -> {
                excuse(clients, excused);
                node.pause();
                cluster.awaitMembers("a", "b");
                node.resume();
                cluster.awaitMembers("a", "b", third);
                excuse(clients, excused);
              });
      case JOIN_AND_CUT_OFF ->
          joinAnd(clients, node -> cutOff(clients, excused, "uplink", "a", "b"));
      case JOIN_AND_CUT_FROM_UPLINK -> joinAnd(clients, node -> cutOff(clients, excused, "uplink"));
      case LINK_IS_CUT -> cutWhileLeasesEnd("a", "b");
      case UPLINK_IS_CUT_OFF -> cutWhileLeasesEnd("uplink", "a", "b");
      case JOIN_AND_KILL_WHILE_UPLINK_RESTARTS ->
          joinAnd(
              clients,
              node -> {
                excuse(clients, excused);
                node.kill();
                restartUplink();
              });
      case UPLINK_RESTARTS -> restartUplink();
      case UPLINK_PAUSES -> pauseUplink();
      case UPLINK_PAUSES_WHILE_ONE_JOINS -> {
        try (Server node = cluster.node(third, Map.of())) {
          pauseUplink();
          cluster.awaitMembers("a", "b", third);
          drain(node);
        }
      }
    }
    cluster.awaitMembers("a", "b");
  }

  private interface End {
    void of(Server node);
  }

  private void joinAnd(Clients clients, End end) {
    try (Server node = cluster.node(third, Map.of())) {
      cluster.awaitMembers("a", "b", third);
      clients.use(node);
      node.awaitAnswer("/healthcheck/ready");
      clients.spare(node);
      end.of(node);
    }
  }

  private void drain(Server node) {
    assertThat(
            Http.administer(
                    "POST", cluster.a.url() + "/api/cluster/members/" + third + "/drain", null)
                .statusCode())
        .isEqualTo(202);
    cluster.awaitMembers("a", "b");
    assertThat(Http.get(node.url() + "/healthcheck/ready").statusCode()).isEqualTo(503);
  }

  private void restartUplink() {
    cluster.uplink.kill();
    cluster.uplink.restart();
    cluster.uplink.awaitAnswer("/uplink/healthcheck");
    cluster.awaitUplink();
  }

  private void cutWhileLeasesEnd(String one, String... others) {
    separate(one, others);
    Cluster.letLeasesEnd();
    network.heal();
  }

  private void separate(String one, String... others) {
    network.separate(network.host(one), Stream.of(others).map(network::host).toArray(Host[]::new));
  }

  private void cutOff(Clients clients, Set<String> excused, String... hosts) {
    excuse(clients, excused);
    separate(third, hosts);
    cluster.awaitMembers("a", "b");
    network.heal();
    cluster.awaitMembers("a", "b", third);
    excuse(clients, excused);
  }

  private void pauseUplink() {
    cluster.uplink.pause();
    Cluster.letLeasesEnd();
    cluster.uplink.resume();
    cluster.awaitUplink();
  }

  /** What the dead owned in its shards is lost with it, and is no concern of the promise. */
  private void excuse(Clients clients, Set<String> excused) {
    if (Cluster.isGrid()) {
      return;
    }
    IntStream.range(0, KEYS)
        .mapToObj(clients::key)
        .filter(key -> cluster.owner(key).equals(third))
        .forEach(excused::add);
  }
}
