package io.smache.node.engine.grid;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smache.node.engine.Waiting;
import io.smache.node.store.Caches;
import io.smache.node.store.Clock;
import io.smache.node.store.Command;
import io.smache.node.store.Delete;
import io.smache.node.store.EntityTags;
import io.smache.node.store.Format;
import io.smache.node.store.Get;
import io.smache.node.store.Increment;
import io.smache.node.store.Invalidation;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.node.store.LifetimeSpec;
import io.smache.node.store.Listed;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import io.smache.node.store.Preconditions;
import io.smache.node.store.Put;
import io.smache.protocol.ClusterSecret;
import io.smache.protocol.Member;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two members of a real grid, without servers: every key has a copy at both. */
class GridTest {
  private static final ClusterSecret SECRET = ClusterSecret.of("the-secret-of-this-test");
  private static final long LIMIT = 1 << 26;
  private static final ExecutorService EXECUTOR = Executors.newCachedThreadPool();
  private static final Duration SOON = Duration.ofSeconds(30);

  private static Node one;
  private static Node other;

  /** One member, and what executes operations there. */
  private static final class Node {
    private final Grid grid;
    private final Operations operations;

    Node(String name, int port, ClusterSecret secret, List<Integer> others) throws Exception {
      Member self = new Member(name, "http://" + name, name + "-instance", "127.0.0.1:" + port);
      List<InetSocketAddress> addresses =
          others.stream().map(each -> Grid.address("127.0.0.1:" + each)).toList();
      grid = new Grid(new GridConfig(1, 1), "test", self, addresses, secret, LIMIT);
      Caches caches = new Caches(Clock.SYSTEM, LIMIT, LIMIT);
      operations = new Operations(grid, caches, new Waiting(EXECUTOR, SOON));
    }

    Outcome perform(Operation operation) {
      return operations.perform(operation).join();
    }

    List<Listed> page(String cache, int limit) {
      return operations.pages().page(new Command.Page(cache, null, null, limit));
    }
  }

  @BeforeAll
  static void start() throws Exception {
    int port = freePort();
    int otherPort = freePort();
    one = new Node("one", port, SECRET, List.of(otherPort));
    other = new Node("other", otherPort, SECRET, List.of(port));
    await().atMost(SOON).until(() -> one.grid.size() == 2 && !one.grid.isMoving());
    await().atMost(SOON).until(() -> other.grid.size() == 2 && !other.grid.isMoving());
  }

  @AfterAll
  static void stop() {
    one.grid.stop();
    other.grid.stop();
    EXECUTOR.shutdownNow();
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static Key key(String text) {
    try {
      return Key.of(text);
    } catch (KeyException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Put put(String cache, String key, String... groups) {
    return new Put(
        cache,
        key(key),
        new byte[] {7},
        Format.BYTES,
        List.of(groups),
        LifetimeSpec.UNSAID,
        Preconditions.NONE,
        List.of());
  }

  private static Get get(String cache, String key) {
    return Get.plain(cache, key(key));
  }

  private static Increment increment(String key) {
    return new Increment(
        "counters",
        key(key),
        BigInteger.ONE,
        BigInteger.ZERO,
        LifetimeSpec.UNSAID,
        Preconditions.NONE,
        List.of());
  }

  @Test
  void write_isSeenAtBothMembers() {
    assertThat(one.perform(put("c", "k"))).isInstanceOf(Outcome.Stored.class);
    assertThat(one.perform(get("c", "k"))).isInstanceOf(Outcome.Found.class);
    assertThat(other.perform(get("c", "k"))).isInstanceOf(Outcome.Found.class);
    Delete delete = new Delete("c", key("k"), Preconditions.NONE, List.of());
    assertThat(other.perform(delete)).isInstanceOf(Outcome.Removed.class);
    assertThat(one.perform(get("c", "k"))).isInstanceOf(Outcome.Absent.class);
    assertThat(one.perform(delete)).isInstanceOf(Outcome.Absent.class);
  }

  /** From both members at once, many at a time: each counts once. */
  @Test
  void increments_atBothMembers_areExact() {
    int times = 200;
    List<CompletableFuture<Outcome>> all = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      all.add(one.operations.perform(increment("n")));
      all.add(other.operations.perform(increment("n")));
    }
    assertThat(all).allSatisfy(each -> assertThat(each.join()).isInstanceOf(Outcome.Found.class));
    assertThat(one.perform(get("counters", "n")))
        .isInstanceOfSatisfying(
            Outcome.Found.class,
            found ->
                assertThat(new String(found.entry().value(), US_ASCII)).isEqualTo("" + 2 * times));
  }

  @Test
  void creation_atBothMembers_succeedsOnce() {
    Preconditions absent = new Preconditions(null, EntityTags.ANY, null, null);
    List<CompletableFuture<Outcome>> all =
        Stream.of(one, other, one, other)
            .map(
                each ->
                    each.operations.perform(
                        new Put(
                            "c",
                            key("created"),
                            new byte[1],
                            Format.BYTES,
                            List.of(),
                            LifetimeSpec.UNSAID,
                            absent,
                            List.of())))
            .toList();
    assertThat(all.stream().filter(each -> each.join() instanceof Outcome.Stored)).hasSize(1);
  }

  @Test
  void invalidation_holdsAtBothMembersWhenItReturns() {
    one.perform(put("i", "a", "news"));
    other.perform(put("i", "b", "news"));
    other.perform(put("i", "c", "other"));
    Command.Invalidate invalidate =
        Command.Invalidate.of("i", Invalidation.ofGroups(List.of("news")), key("b"));
    one.operations.invalidate(invalidate);
    other.operations.invalidate(invalidate);
    for (Node each : List.of(one, other)) {
      assertThat(each.perform(get("i", "a"))).isInstanceOf(Outcome.Absent.class);
      assertThat(each.perform(get("i", "b"))).as("spared").isInstanceOf(Outcome.Found.class);
      assertThat(each.perform(get("i", "c"))).isInstanceOf(Outcome.Found.class);
    }
    one.perform(put("i", "a", "news"));
    assertThat(other.perform(get("i", "a"))).as("written again").isInstanceOf(Outcome.Found.class);
  }

  @Test
  void pages_ofBothMembers_haveEachKeyOnce() {
    int entries = 300;
    IntStream.range(0, entries).forEach(i -> one.perform(put("l", "k" + i)));
    List<Key> keys =
        Stream.concat(one.page("l", 1000).stream(), other.page("l", 1000).stream())
            .map(Listed::key)
            .toList();
    assertThat(keys).hasSize(entries).doesNotHaveDuplicates();
    List<Key> mine = one.page("l", 1000).stream().map(Listed::key).toList();
    assertThat(mine).isSorted();
    assertThat(one.page("l", 10).stream().map(Listed::key)).isEqualTo(mine.subList(0, 10));
  }

  /** Without the secret nobody gets in, and nobody is disturbed. */
  @Test
  void stranger_staysAlone() throws Exception {
    List<Integer> ports = Stream.of(one, other).map(each -> each.grid.port()).toList();
    Node stranger =
        new Node("stranger", freePort(), ClusterSecret.of("another-secret-as-long"), ports);
    try {
      assertThat(stranger.grid.size()).isEqualTo(1);
      assertThat(one.grid.size()).isEqualTo(2);
      assertThat(stranger.perform(get("c", "k"))).isInstanceOf(Outcome.Absent.class);
    } finally {
      stranger.grid.stop();
    }
  }
}
