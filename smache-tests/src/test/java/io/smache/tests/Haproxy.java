package io.smache.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Starts HAProxy as a plain process that writes to a directory of its own only. */
final class Haproxy {
  private Haproxy() {}

  /** Starts HAProxy with docker/haproxy.cfg before two nodes at these ports. */
  static Program balancer(Path directory, int one, int other) {
    int port = Server.freePort();
    Path file = directory.resolve("haproxy.cfg");
    try {
      Files.writeString(
          file,
          Files.readString(Server.REPOSITORY.resolve("docker/haproxy.cfg"))
              .replace("bind :4000", "bind 127.0.0.1:" + port)
              .replace("node-1:8080", "127.0.0.1:" + one)
              .replace("node-2:8080", "127.0.0.1:" + other)
              .replaceAll("(?m)^ *server node-3 .*\\R", ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Program(directory, port, List.of("haproxy", "-db", "-f", file.toString()));
  }
}
