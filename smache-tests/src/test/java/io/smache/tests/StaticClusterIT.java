package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * The seed's static cluster in hard circumstances: its two nodes are there before uplink, they
 * reach each other and uplink by https alone, and their secret is just being replaced.
 */
@TestInstance(Lifecycle.PER_CLASS)
class StaticClusterIT {
  private static final String OLD = Cluster.SECRET;
  private static final String NEW = "comes-next-0123456789";
  private static final int KEYS = 40;

  private Relay toUplink;
  private Relay toX;
  private Relay toY;
  private Server uplink;
  private Server x;
  private Server y;
  private int uplinkPort;
  private Path certificate;

  @BeforeAll
  void startNodesAndThenUplink(@TempDir Path directory) throws Exception {
    Certificate own = new Certificate(directory);
    certificate = own.pem();
    ServerSocketFactory sockets = own.sockets();
    uplinkPort = Server.freePort();
    toUplink = new Relay(sockets, uplinkPort);
    int portOfX = Server.freePort();
    toX = new Relay(sockets, portOfX);
    x = node("x", portOfX, toX, OLD + " " + NEW);
    int portOfY = Server.freePort();
    toY = new Relay(sockets, portOfY);
    y = node("y", portOfY, toY, NEW + " " + OLD);
    for (Server node : List.of(x, y)) {
      node.awaitAnswer("/healthcheck");
      node.awaitLog("uplink");
      Entries.assertProblem(Http.getKey(node.url(), "k"), 503, "");
    }
    uplink =
        Server.uplink(
            Host.LOOPBACK,
            uplinkPort,
            settings(OLD + " " + NEW, Map.of("SMACHE_CLUSTER", "static:2")));
    awaitWhole();
  }

  @AfterAll
  void stop() throws IOException {
    List.of(x, y, uplink).forEach(Server::close);
    for (Relay relay : List.of(toX, toY, toUplink)) {
      relay.close();
    }
  }

  @Test
  void keys_ofTheOtherNode_areServedByHttps() {
    for (int i = 0; i < KEYS; i++) {
      String key = Entries.fresh("tls");
      assertThat(Entries.put(x, "c", key, "v" + i).statusCode()).isEqualTo(201);
      assertThat(Entries.get(y, "c", key).body()).isEqualTo("v" + i);
    }
    assertThatThrownBy(() -> Http.get("https://127.0.0.1:" + toX.port() + "/healthcheck"))
        .as("nobody else trusts the certificate")
        .hasCauseInstanceOf(SSLHandshakeException.class);
  }

  @Test
  void member_away_keepsItsPartitionsAndComesBackToThem() {
    Set<String> ofY = keysOf("y");
    long epoch = epoch(x);
    String kept = keysOf("x").iterator().next();
    assertThat(Entries.put(x, "c", kept, "kept").statusCode()).isIn(201, 204);
    y.kill();
    Cluster.letLeasesEnd();
    for (String key : ofY) {
      HttpResponse<String> refused = Entries.get(x, "c", key);
      Entries.assertProblem(refused, 503, "y");
      assertThat(Http.header(refused, "Retry-After")).isNotEmpty();
    }
    assertThat(Entries.get(x, "c", kept).body()).isEqualTo("kept");
    assertThat(epoch(x)).as("nothing moves").isEqualTo(epoch);
    y.restart();
    awaitWhole();
    assertThat(keysOf("y")).isEqualTo(ofY);
    for (String key : ofY) {
      assertThat(Entries.put(x, "c", key, "again").statusCode()).isEqualTo(201);
    }
    assertThat(Entries.get(y, "c", kept).body()).isEqualTo("kept");
  }

  @Test
  void member_drained_isRefused() {
    HttpResponse<String> refused =
        Http.administer("POST", x.url() + "/api/cluster/members/y/drain", null);
    Entries.assertProblem(refused, 409, "static");
  }

  @Test
  void uplink_ofAnotherCluster_refusesTheNodeAndHarmsNobody() {
    Cluster other = Cluster.shared();
    String clusterId = Cluster.view(x).get("clusterId").textValue();
    String others = Cluster.view(other.a).get("clusterId").textValue();
    long epoch = epoch(x);
    toUplink.leadTo(other.uplink.port());
    x.awaitLog("belongs to the cluster " + clusterId + " and this uplink serves " + others);
    Cluster.letLeasesEnd();
    assertThat(epoch(x)).isEqualTo(epoch);
    assertThat(Cluster.view(x).get("clusterId").textValue()).isEqualTo(clusterId);
    other.awaitMembers("a", "b");
    toUplink.leadTo(uplinkPort);
    awaitWhole();
    assertThat(epoch(x)).isEqualTo(epoch);
  }

  private Server node(String name, int port, Relay relay, String secret) {
    return Server.node(
        name,
        port,
        settings(
            secret,
            Map.of(
                "NODE_NAME", name,
                "NODE_URL", "https://127.0.0.1:" + relay.port(),
                "UPLINK_URL", "https://127.0.0.1:" + toUplink.port() + "/uplink")));
  }

  private Map<String, String> settings(String secret, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("SMACHE_SECRET", secret);
    settings.put("SMACHE_LEASE_SECONDS", "2");
    settings.put("SMACHE_CA_FILE", certificate.toString());
    return settings;
  }

  private void awaitWhole() {
    await("x and y have one table and serve")
        .atMost(Server.TIMEOUT)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .until(() -> isWhole(x) && isWhole(y) && epoch(x) == epoch(y));
  }

  private static boolean isWhole(Server node) {
    return Cluster.members(Cluster.view(node)).equals(Set.of("x", "y"))
        && Http.get(node.url() + "/api/cluster/safe").statusCode() == 200
        && Http.get(node.url() + "/healthcheck/ready").statusCode() == 200;
  }

  private static long epoch(Server node) {
    return Cluster.view(node).get("epoch").longValue();
  }

  /** Returns those of a fixed set of keys that a node owns. */
  private Set<String> keysOf(String name) {
    Set<String> keys = new HashSet<>();
    for (int i = 0; i < KEYS; i++) {
      String key = "static-" + i;
      String placement = Http.get(x.url() + "/api/placement?key=" + key).body();
      if (Http.json(placement).get("node").textValue().equals(name)) {
        keys.add(key);
      }
    }
    assertThat(keys).isNotEmpty();
    return keys;
  }
}
