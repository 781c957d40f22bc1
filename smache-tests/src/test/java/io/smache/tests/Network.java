package io.smache.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A network on this machine only: every host is a network namespace, and all are plugged into one
 * bridge. This JVM reaches every host, whatever is cut between them. Needs root and iproute2.
 */
final class Network {
  private static @Nullable Network shared;

  /** Nobody has this address: what is sent to it vanishes without a word. */
  private static final String NOBODY = "02:00:00:00:00:01";

  private final String name = "smt" + ProcessHandle.current().pid() % 1_000_000;
  private final String subnet = "10.213." + ProcessHandle.current().pid() % 256 + ".";
  private final Map<String, Host> hosts = new LinkedHashMap<>();
  private final List<Cut> cuts = new ArrayList<>();

  /** What one host sends to another is lost. */
  private record Cut(Host from, Host to) {}

  private Network() {
    ip("link add", name, "type bridge");
    ip("address add", subnet + "1/24", "dev", name);
    ip("link set", name, "up");
  }

  /** Returns the network of all tests, which is there until this JVM ends. */
  static synchronized Network shared() {
    if (shared == null) {
      shared = new Network();
      Runtime.getRuntime().addShutdownHook(new Thread(shared::remove));
    }
    return shared;
  }

  /** Returns the host of that name, which is new the first time. */
  Host host(String host) {
    return hosts.computeIfAbsent(host, this::plugIn);
  }

  private Host plugIn(String host) {
    String space = name + "-" + host;
    String link = name + "." + hosts.size();
    String address = subnet + (10 + hosts.size());
    ip("netns add", space);
    ip("link add", link, "type veth peer name eth0 netns", space);
    ip("link set", link, "master", name, "up");
    ip("-netns", space, "address add", address + "/24 dev eth0");
    ip("-netns", space, "link set eth0 up");
    ip("-netns", space, "link set lo up");
    return new Host(address, space);
  }

  /** Lets everything vanish that one host sends to the others, with which it is connected. */
  void cut(Host from, Host... to) {
    for (Host other : to) {
      ip(
          "-netns",
          from.space(),
          "neigh replace",
          other.address(),
          "lladdr",
          NOBODY,
          "dev eth0 nud permanent");
      cuts.add(new Cut(from, other));
    }
  }

  /** Lets everything vanish that one host and the others send to each other. */
  void separate(Host one, Host... others) {
    for (Host other : others) {
      cut(one, other);
      cut(other, one);
    }
  }

  /** Lets everything through again. */
  void heal() {
    cuts.forEach(
        cut -> ip("-netns", cut.from().space(), "neigh del", cut.to().address(), "dev eth0"));
    cuts.clear();
  }

  private void remove() {
    hosts.values().forEach(host -> ip("netns delete", host.space()));
    ip("link delete", name);
  }

  private static void ip(String... words) {
    String line = "ip " + String.join(" ", words);
    try {
      Process process = new ProcessBuilder(line.split(" ")).redirectErrorStream(true).start();
      String result = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(
            line + ": " + result.strip() + "; cut networks are tested as root, with iproute2");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("iproute2 is needed: apt-get install iproute2", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
