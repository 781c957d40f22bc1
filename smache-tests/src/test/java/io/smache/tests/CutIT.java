package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Networks are cut: every server is on a host of its own, and what it sends to some others vanishes
 * until the network heals.
 */
class CutIT {
  private static final int KEYS = 100;
  private static final int CONTESTED = 4;
  private static final Network network = Network.shared();
  private static final Cluster cluster = Cluster.networked();
  private static Server c;

  private final String cache = Entries.fresh("cut");

  /** How the node c is cut off. */
  private enum CutOff {
    FROM_UPLINK,
    ITS_WORDS_TO_UPLINK,
    FROM_ALL
  }

  /** How the link between the nodes a and c is cut. */
  private enum CutLink {
    ONE_WAY,
    BOTH_WAYS
  }

  @BeforeAll
  static void start() {
    c = cluster.node("c", Map.of());
    cluster.awaitMembers("a", "b", "c");
  }

  /** By a drain: one more death within a minute would have to wait. */
  @AfterAll
  static void stop() {
    c.terminate();
    cluster.awaitMembers("a", "b");
  }

  @AfterEach
  void whole() {
    network.heal();
    cluster.awaitMembers("a", "b", "c");
  }

  @Test
  void uplinkCutFromAll_nothingFailsAndNothingMoves() {
    long epoch = epoch();
    try (Clients clients = clients(cluster.a, cluster.b, c)) {
      network.separate(host("uplink"), host("a"), host("b"), host("c"));
      Cluster.letLeasesEnd();
      network.heal();
      cluster.awaitUplink();
      clients.finish();
      assertThat(clients.wrong()).isEmpty();
      assertThat(clients.reasons()).isEmpty();
      assertLinearizable(clients, Set.of());
    }
    assertThat(epoch()).isEqualTo(epoch);
  }

  @ParameterizedTest
  @EnumSource
  void nodeCutOff_turnsUnreadyAndNoKeyHasTwoOwners(CutOff cutOff) {
    Map<String, Owners> contested = new HashMap<>();
    ownedByC("contested-").limit(CONTESTED).forEach(key -> contested.put(key, new Owners(key)));
    try (Clients clients = clients(cluster.a, cluster.b)) {
      Set<String> excused = excused(clients);
      cut(cutOff);
      await("every key has a new owner")
          .atMost(Server.TIMEOUT)
          .until(() -> contestAll(contested.values()));
      await("c is unready").atMost(Server.TIMEOUT).until(() -> readiness(c) == 503);
      contestAll(contested.values());
      network.heal();
      cluster.awaitMembers("a", "b", "c");
      c.awaitAnswer("/healthcheck/ready");
      contestAll(contested.values());
      excused.addAll(excused(clients));
      clients.finish();
      assertThat(clients.wrong()).isEmpty();
      assertLinearizable(clients, excused);
    }
  }

  @ParameterizedTest
  @EnumSource
  void linkCut_onlyRequestsOverItFail(CutLink cutLink) {
    long epoch = epoch();
    String key = ownedByC("link-").findFirst().orElseThrow();
    assertThat(Entries.put(cluster.a, cache, key, "\"before\"").statusCode()).isEqualTo(201);
    try (Clients clients = clients(cluster.b)) {
      cut(cutLink);
      HttpResponse<String> refused = Entries.get(cluster.a, cache, key);
      Entries.assertProblem(refused, 503, "does not answer");
      assertThat(Http.header(refused, "Retry-After")).isNotEmpty();
      assertThat(Entries.get(cluster.b, cache, key).body()).isEqualTo("\"before\"");
      assertThat(Entries.put(c, cache, key, "\"meanwhile\"").statusCode()).isEqualTo(204);
      Cluster.letLeasesEnd();
      network.heal();
      clients.finish();
      assertThat(clients.wrong()).isEmpty();
      assertThat(clients.reasons()).isEmpty();
      assertLinearizable(clients, Set.of());
    }
    await("the link works")
        .atMost(Server.TIMEOUT)
        .until(() -> Entries.get(cluster.a, cache, key).body().equals("\"meanwhile\""));
    assertThat(epoch()).isEqualTo(epoch);
  }

  /** Two nodes that are both asked to create or change an entry, on conditions. */
  private final class Owners {
    private final String key;
    private String tag = "";
    private boolean movedOn;

    Owners(String key) {
      this.key = key;
    }

    /** Returns whether another than c accepted the entry. */
    boolean contest() {
      HttpResponse<String> atC =
          tag.isEmpty() ? conditional(c, "If-None-Match", "*") : conditional(c, "If-Match", tag);
      if (atC.statusCode() < 300) {
        assertThat(movedOn).as("c still accepts what " + key + " was before").isFalse();
        tag = Entries.etag(atC);
      }
      HttpResponse<String> atA = conditional(cluster.a, "If-None-Match", "*");
      movedOn |= atA.statusCode() == 201;
      assertThat(atC.statusCode()).isIn(201, 204, 412, 503);
      assertThat(atA.statusCode()).isIn(201, 412, 503);
      return movedOn;
    }

    private HttpResponse<String> conditional(Server node, String header, String value) {
      return Http.send("PUT", Entries.one(node, cache, key), "1", header, value);
    }
  }

  /** Contests every one of them, and returns whether another than c accepted each. */
  private static boolean contestAll(Collection<Owners> owners) {
    return owners.stream().map(Owners::contest).reduce(true, Boolean::logicalAnd);
  }

  private static void cut(CutOff cutOff) {
    switch (cutOff) {
      case FROM_UPLINK -> network.separate(host("c"), host("uplink"));
      case ITS_WORDS_TO_UPLINK -> network.cut(host("c"), host("uplink"));
      case FROM_ALL -> network.separate(host("c"), host("uplink"), host("a"), host("b"));
    }
  }

  private static void cut(CutLink cutLink) {
    switch (cutLink) {
      case ONE_WAY -> network.cut(host("a"), host("c"));
      case BOTH_WAYS -> network.separate(host("a"), host("c"));
    }
  }

  private Clients clients(Server... nodes) {
    return new Clients(cache, KEYS, 5, List.of(nodes));
  }

  private static Host host(String name) {
    return network.host(name);
  }

  private static long epoch() {
    return Cluster.view(cluster.a).get("epoch").longValue();
  }

  private static int readiness(Server node) {
    return Http.get(node.url() + "/healthcheck/ready").statusCode();
  }

  private static Stream<String> ownedByC(String prefix) {
    return IntStream.iterate(0, i -> i + 1).mapToObj(i -> prefix + i).filter(CutIT::isOwnedByC);
  }

  private static boolean isOwnedByC(String key) {
    return cluster.owner(key).equals("c");
  }

  private static Set<String> excused(Clients clients) {
    return new HashSet<>(
        IntStream.range(0, KEYS).mapToObj(clients::key).filter(CutIT::isOwnedByC).toList());
  }

  private static void assertLinearizable(Clients clients, Set<String> excused) {
    assertThat(clients.requests()).isPositive();
    clients.assertLinearizable(excused);
  }
}
