package io.smache.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Clients generated from the document that a node serves compile, and reach the node's data. */
class GeneratedClientsIT {
  private static final Path MODULE = Server.REPOSITORY.resolve("smache-tests");
  private static final Path PROGRAMS = MODULE.resolve("src/test/resources/generated");
  private static final Path RULES = MODULE.resolve("src/test/node");
  private static final String GENERATOR =
      MODULE.resolve("target/openapi-generator-cli.jar").toString();
  private static final String JAVA_OPTIONS =
      "library=native,openApiNullable=false,useJakartaEe=true,useJspecify=true,"
          + "hideGenerationTimestamp=true";

  private final Cluster cluster = Cluster.shared();
  private Path directory = MODULE;

  /** Stores the document that a node serves in an empty directory. */
  @BeforeEach
  void saveDocument(TestInfo test) throws IOException {
    String name = test.getTestMethod().orElseThrow().getName();
    directory = MODULE.resolve("target/generated-clients").resolve(name);
    delete(directory);
    Files.createDirectories(directory);
    String document = Http.get(cluster.a.url() + "/api/openapi.json").body();
    Files.writeString(directory.resolve("openapi.json"), document);
  }

  @Test
  void redocly_ofDocument_hasNoProblem() {
    Path rules = RULES.resolve("redocly.yaml");
    Tool.run(
        directory,
        NodePackages.program("redocly"),
        "lint",
        "--config=" + rules,
        "--format=stylish",
        "openapi.json");
  }

  @Test
  void spectral_ofDocument_hasNoProblem() {
    Path rules = RULES.resolve("spectral.yaml");
    Tool.run(
        directory,
        NodePackages.program("spectral"),
        "lint",
        "--ruleset=" + rules,
        "--fail-severity=warn",
        "openapi.json");
  }

  @Test
  void javaClient_doesWhatItsTypesSay() throws IOException {
    generate("java", "--additional-properties=" + JAVA_OPTIONS);
    copyPrograms("java");
    String path = System.getProperty("java.class.path");
    Files.write(directory.resolve("sources"), sources());
    Tool.jdk(directory, "javac", "-nowarn", "-proc:none", "-d", "classes", "-cp", path, "@sources");
    String classes = "classes" + System.getProperty("path.separator") + path;
    Tool.java(
        directory, "-cp", classes, "Main", cluster.b.url(), Entries.fresh("java"), Cluster.SECRET);
  }

  @Test
  void typescriptClient_doesWhatItsTypesSay() throws IOException {
    generate("typescript-fetch");
    copyPrograms("ts");
    copyPrograms("json");
    Tool.run(directory, NodePackages.program("tsc"), "--project", "tsconfig.json");
    Tool.run(
        directory,
        "node",
        "compiled/main.js",
        cluster.b.url(),
        Entries.fresh("typescript"),
        Cluster.SECRET);
  }

  private void generate(String language, String... options) {
    Stream<String> command =
        Stream.of(
            "-jar",
            GENERATOR,
            "generate",
            "--generator-name=" + language,
            "--input-spec=openapi.json",
            "--output=client",
            "--global-property=apis,models,supportingFiles,apiTests=false,modelTests=false");
    Tool.java(directory, Stream.concat(command, Stream.of(options)).toArray(String[]::new));
  }

  private void copyPrograms(String extension) throws IOException {
    try (Stream<Path> files = Files.list(PROGRAMS)) {
      for (Path file : files.filter(each -> each.toString().endsWith("." + extension)).toList()) {
        Files.copy(
            file, directory.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private List<String> sources() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(each -> each.toString().endsWith(".java"))
          .map(each -> directory.relativize(each).toString())
          .filter(each -> !each.startsWith("client/src/test"))
          .toList();
    }
  }

  private static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
