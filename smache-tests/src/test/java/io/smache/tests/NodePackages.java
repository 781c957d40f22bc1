package io.smache.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The programs on Node.js that tests use, in the versions of {@code src/test/node}. */
final class NodePackages {
  private static final Path SOURCE = Server.REPOSITORY.resolve("smache-tests/src/test/node");
  private static final Path DIRECTORY = Server.REPOSITORY.resolve("smache-tests/target/node");
  private static final String LOCK = "package-lock.json";

  private NodePackages() {}

  /** Returns the path of a program, after installing all of them if the lock file is new. */
  static synchronized String program(String name) {
    try {
      if (!isInstalled()) {
        install();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return DIRECTORY.resolve("node_modules/.bin").resolve(name).toString();
  }

  /** The lock file is copied last, so it says that the packages are complete. */
  private static boolean isInstalled() throws IOException {
    Path installed = DIRECTORY.resolve("node_modules").resolve(LOCK);
    return Files.exists(installed) && Files.mismatch(installed, SOURCE.resolve(LOCK)) < 0;
  }

  private static void install() throws IOException {
    Files.createDirectories(DIRECTORY);
    for (String file : List.of("package.json", LOCK, ".npmrc")) {
      copy(SOURCE.resolve(file), DIRECTORY.resolve(file));
    }
    Tool.run(DIRECTORY, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
    copy(SOURCE.resolve(LOCK), DIRECTORY.resolve("node_modules").resolve(LOCK));
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
  }
}
