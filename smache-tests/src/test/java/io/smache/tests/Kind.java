package io.smache.tests;

import java.nio.file.Path;
import java.util.List;

/** The kinds of server that our WARs run on, each started as its operator would. */
enum Kind {
  PAYARA_MICRO("payara-config/micro.sh"),
  WILDFLY("scripts/wildfly.sh");

  private final String script;

  Kind(String script) {
    this.script = script;
  }

  /** Returns the kind that this build tests. */
  static Kind ofBuild() {
    return switch (System.getProperty("smache.server")) {
      case "payara-micro" -> PAYARA_MICRO;
      case "wildfly" -> WILDFLY;
      default -> throw new IllegalStateException("smache.server must be payara-micro or wildfly");
    };
  }

  List<String> command(Path directory, int port, Path war) {
    return List.of(
        Server.REPOSITORY.resolve(script).toString(),
        "--port",
        Integer.toString(port),
        "--root",
        directory.toString(),
        war.toString());
  }
}
