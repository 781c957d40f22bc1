package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** A server process with one of our WARs, on the kind of server that this build tests. */
final class Server implements AutoCloseable {
  static final Path REPOSITORY = Path.of(System.getProperty("smache.repository"));

  /** The setting that gives a node a listener of its own. */
  static final String FRONT = "SMACHE_PORT";

  private static final int FIRST_PORT = 10_000;
  private static final int LAST_PORT = 30_000;

  /** How far the port of WildFly's management is from that of its applications. */
  private static final int MANAGEMENT = 9990 - 8080;

  private static final Set<Integer> GIVEN_PORTS = ConcurrentHashMap.newKeySet();

  /** Netty looks after every buffer, and logs where one was used that nobody released. */
  private static final String LEAKS = " -Dio.netty.leakDetection.level=paranoid";

  static final Duration TIMEOUT = Duration.ofMinutes(3);

  private final Path directory;
  private final String url;
  private final String serverUrl;
  private final List<String> command;
  private final Map<String, String> environment;
  private Process process;

  private Server(String name, Host host, int port, String war, Map<String, String> environment) {
    this.directory = REPOSITORY.resolve("smache-tests/target/servers").resolve(name + "-" + port);
    this.url = host.url(port);
    this.environment = environment;
    int serverPort = environment.containsKey(FRONT) ? freePort() : port;
    this.serverUrl = host.url(serverPort);
    Path file = REPOSITORY.resolve(war + "-war/target/" + war + ".war");
    this.command = host.command(Kind.ofBuild().command(directory, serverPort, file));
    this.process = start();
  }

  static Server uplink(Host host, int port, Map<String, String> environment) {
    return new Server("uplink", host, port, "smache-uplink", environment);
  }

  /**
   * Starts a node; with {@link #FRONT} in its environment, that port is the one it is called at.
   */
  static Server node(String name, int port, Map<String, String> environment) {
    return node(name, Host.LOOPBACK, port, environment);
  }

  static Server node(String name, Host host, int port, Map<String, String> environment) {
    return new Server(name, host, port, "smache-node", environment);
  }

  /**
   * Returns a port that nothing listens on and that was not returned before, nor its neighbour that
   * WildFly opens for its management. Below those that outgoing connections get: one of these could
   * take it before the server does.
   */
  static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
      if (isFree(port) && isFree(port + MANAGEMENT) && GIVEN_PORTS.add(port)) {
        return port;
      }
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port)) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  String url() {
    return url;
  }

  /** Returns the URL of the server's own listener, which is another when the node has a front. */
  String serverUrl() {
    return serverUrl;
  }

  int port() {
    return URI.create(url).getPort();
  }

  String log() {
    try {
      return Files.readString(logFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asserts that the memory was enough, and that Netty's detector found no buffer that is lost. */
  void assertUnharmed() {
    assertThat(log()).doesNotContain("OutOfMemoryError", "LEAK:");
  }

  /** Starts the same server again, after it was killed or stopped. */
  void restart() {
    process = start();
  }

  /** Ends the process without a word (SIGKILL). */
  void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** Lets the process stand still (SIGSTOP), its connections open; returns when it does. */
  void pause() {
    signal("STOP");
    await("all threads stopped").atMost(TIMEOUT).ignoreExceptions().until(this::standsStill);
  }

  private boolean standsStill() throws IOException {
    Path threads = Path.of("/proc", Long.toString(process.pid()), "task");
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(threads)) {
      for (Path task : tasks) {
        String stat = Files.readString(task.resolve("stat"));
        if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
          return false;
        }
      }
    }
    return true;
  }

  /** Lets a paused process go on. */
  void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    terminate();
  }

  /** Asks the process to end (SIGTERM), and waits until it has. */
  void terminate() {
    process.destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }

  void awaitAnswer(String path) {
    await("answer of " + url() + path)
        .atMost(TIMEOUT)
        .pollInterval(Duration.ofMillis(200))
        .failFast("the server died: " + logFile(), () -> !process.isAlive())
        .ignoreExceptions()
        .until(() -> Http.get(url() + path).statusCode() == 200);
  }

  void awaitLog(String text) {
    await("'" + text + "' in " + logFile())
        .atMost(TIMEOUT)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> log().contains(text));
  }

  private void awaitEnd() {
    await().atMost(TIMEOUT).until(() -> !process.isAlive());
  }

  private Path logFile() {
    return directory.resolve("server.log");
  }

  private Process start() {
    try {
      Files.createDirectories(directory);
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().keySet().removeIf(Server::isOurs);
      builder
          .environment()
          .put("SMACHE_JAVA_OPTS", System.getProperty("smache.server.options", "") + LEAKS);
      builder.environment().putAll(environment);
      builder.redirectErrorStream(true).redirectOutput(logFile().toFile());
      Process started = builder.start();
      Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the developer's shell says must not reach the servers under test. */
  private static boolean isOurs(String variable) {
    return variable.startsWith("SMACHE_")
        || variable.startsWith("NODE_")
        || variable.equals("SHARD_LIMIT")
        || variable.equals("UPLINK_URL");
  }
}
