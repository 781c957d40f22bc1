package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs that run to their end in a directory, such as generators and compilers. */
final class Tool {
  private static final int TIMEOUT_SECONDS = 120;

  private Tool() {}

  /** Runs a program and fails with its output if it does not end with 0. */
  static void run(Path directory, String... command) {
    Path output = directory.resolve("output.log");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      try {
        boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        assertThat(ended && process.exitValue() == 0)
            .as("%s%n%s", String.join(" ", command), Files.readString(output))
            .isTrue();
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Runs a Java program with the JDK of the tests. */
  static void java(Path directory, String... arguments) {
    jdk(directory, "java", arguments);
  }

  /** Runs a program of the JDK of the tests. */
  static void jdk(Path directory, String name, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", name).toString());
    command.addAll(List.of(arguments));
    run(directory, command.toArray(String[]::new));
  }
}
