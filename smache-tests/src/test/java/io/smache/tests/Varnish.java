package io.smache.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Starts Varnish as a plain process that writes to a directory of its own only. */
final class Varnish {
  private Varnish() {}

  /** Starts Varnish with the configuration, which names the server behind it. */
  static Program start(Path directory, int port, String configuration) {
    Path file = directory.resolve("default.vcl");
    try {
      Files.writeString(file, configuration);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> command =
        List.of(
            "varnishd",
            "-F",
            "-j",
            "none",
            "-n",
            directory.resolve("work").toString(),
            "-a",
            "127.0.0.1:" + port,
            "-s",
            "malloc,16m",
            "-f",
            file.toString());
    return new Program(directory, port, command);
  }
}
