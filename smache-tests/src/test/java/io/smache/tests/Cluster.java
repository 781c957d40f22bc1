package io.smache.tests;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * One uplink and two nodes, {@code a} with SHARD_LIMIT 4 and {@code b} with 7. Started once for all
 * tests, each of which leaves it whole.
 */
final class Cluster {
  static final String SECRET = "only-for-the-tests-0123456789";

  private static @Nullable Cluster shared;

  final Server uplink;
  final Server a;
  final Server b;
  private final int uplinkPort = Server.freePort();

  private Cluster() {
    uplink =
        Server.uplink(uplinkPort, Map.of("SMACHE_SECRET", SECRET, "SMACHE_LEASE_SECONDS", "2"));
    a = node("a", Map.of("SHARD_LIMIT", "4"));
    b = node("b", Map.of("SHARD_LIMIT", "7"));
    awaitMembers("a", "b");
  }

  static synchronized Cluster shared() {
    if (shared == null) {
      shared = new Cluster();
    }
    return shared;
  }

  static Stream<Server> nodes() {
    return Stream.of(shared().a, shared().b);
  }

  String uplinkUrl() {
    return "http://127.0.0.1:" + uplinkPort + "/uplink";
  }

  /** Starts one more node of that name. */
  Server node(String name, Map<String, String> more) {
    int port = Server.freePort();
    Map<String, String> environment = new HashMap<>(more);
    environment.put("NODE_NAME", name);
    environment.put("NODE_URL", "http://127.0.0.1:" + port);
    environment.put("UPLINK_URL", uplinkUrl());
    environment.put("SMACHE_SECRET", SECRET);
    environment.put("SMACHE_MAX_VALUE_BYTES", "1048576");
    return Server.node(name, port, environment);
  }

  /** Waits until a and b have one table, and in it exactly these members. */
  void awaitMembers(String... names) {
    await("members " + List.of(names))
        .atMost(Server.PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .until(
            () -> {
              JsonNode one = view(a);
              JsonNode other = view(b);
              return one.get("epoch").equals(other.get("epoch"))
                  && members(one).equals(Set.of(names))
                  && members(other).equals(Set.of(names))
                  && Http.get(a.url() + "/api/cluster/safe").statusCode() == 200;
            });
  }

  static JsonNode view(Server node) {
    return Http.json(Http.get(node.url() + "/api/cluster"));
  }

  static Set<String> members(JsonNode view) {
    return StreamSupport.stream(view.get("members").spliterator(), false)
        .filter(member -> member.get("state").textValue().equals("active"))
        .map(member -> member.get("name").textValue())
        .collect(Collectors.toSet());
  }
}
