package io.smache.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Starts nginx as a plain process that writes to a directory of its own only. */
final class Nginx {
  private static final String HTTP = "http {\n";

  private Nginx() {}

  /** Starts nginx with docker/nginx.conf before two nodes at these ports. */
  static Program balancer(Path directory, int one, int other) {
    int port = Server.freePort();
    return start(
        directory,
        port,
        read(Server.REPOSITORY.resolve("docker/nginx.conf"))
            .replace("listen 4000;", "listen 127.0.0.1:" + port + ";")
            .replace("node-1:8080", "127.0.0.1:" + one)
            .replace("node-2:8080", "127.0.0.1:" + other)
            .replaceAll("(?m)^ *server node-3:8080.*\\R", ""));
  }

  /** Starts nginx with a configuration that listens on the port. */
  static Program start(Path directory, int port, String configuration) {
    StringBuilder temporary = new StringBuilder(HTTP);
    for (String name : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
      temporary.append("%s_temp_path %s/%s;%n".formatted(name, directory, name));
    }
    Path file = directory.resolve("nginx.conf");
    try {
      Files.writeString(file, configuration.replace(HTTP, temporary));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // The workers use the same directory, which is the test's alone.
    String plain = "daemon off; user root; pid %s/nginx.pid;".formatted(directory);
    List<String> command =
        List.of(
            "nginx",
            "-p",
            directory.toString(),
            "-c",
            file.toString(),
            "-e",
            directory.resolve("error.log").toString(),
            "-g",
            plain);
    return new Program(directory, port, command);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
