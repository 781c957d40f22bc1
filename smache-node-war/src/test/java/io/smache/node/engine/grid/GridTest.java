package io.smache.node.engine.grid;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smache.node.engine.Waiting;
import io.smache.node.store.CacheConfig;
import io.smache.node.store.Caches;
import io.smache.node.store.Clock;
import io.smache.node.store.Command;
import io.smache.node.store.Configuration;
import io.smache.node.store.Delete;
import io.smache.node.store.EntityTags;
import io.smache.node.store.EntryId;
import io.smache.node.store.Format;
import io.smache.node.store.Get;
import io.smache.node.store.Increment;
import io.smache.node.store.Invalidation;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.node.store.LifetimeSpec;
import io.smache.node.store.Listed;
import io.smache.node.store.Numbered;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import io.smache.node.store.Preconditions;
import io.smache.node.store.Put;
import io.smache.protocol.ClusterSecret;
import io.smache.protocol.Member;
import io.smache.protocol.MemberGrid;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.infinispan.commons.marshall.WrappedByteArray;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    private final int port;
    private final Operations operations;
    private final Caches caches = new Caches(Clock.SYSTEM, LIMIT, LIMIT);

    Node(String name, int port, ClusterSecret secret, List<Integer> others) throws Exception {
      this("test", 1, name, port, secret, others);
    }

    Node(
        String cluster,
        int backups,
        String name,
        int port,
        ClusterSecret secret,
        List<Integer> others)
        throws Exception {
      this.port = port;
      MemberGrid own = new MemberGrid("127.0.0.1:" + port, backups);
      Member self = new Member(name, "http://" + name, name + "-instance", own);
      List<InetSocketAddress> addresses =
          others.stream().map(each -> Grid.address("127.0.0.1:" + each)).toList();
      grid = new Grid(cluster, self, addresses, secret, LIMIT);
      operations = new Operations(grid, caches, new Waiting(EXECUTOR, SOON), new Numbers());
    }

    Outcome perform(Operation operation) {
      return operations.perform(operation).join();
    }

    /** Returns how many cells of a cache are here, copies included. */
    long kept(String cache) {
      long kept = 0;
      for (var each : GridBytes.container(grid.entries())) {
        byte[] key = GridBytes.unwrapped(each.getKey());
        kept += key != null && GridKey.id(key).cache().equals(cache) ? 1 : 0;
      }
      return kept;
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
    await().atMost(SOON).until(() -> one.grid.size() == 2 && one.grid.arriving() == 0);
    await().atMost(SOON).until(() -> other.grid.size() == 2 && other.grid.arriving() == 0);
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

  /** What nobody was told of is asked again, at another member. */
  @Test
  void write_thatIsAskedAgain_isDoneOnce() {
    Numbers numbers = new Numbers();
    Numbered first = numbers.open(increment("again"));
    Outcome done = one.perform(first);
    other.perform(numbers.open(increment("again")));
    assertThat(other.perform(first.onceMore())).usingRecursiveComparison().isEqualTo(done);
    assertThat(one.perform(first.onceMore())).usingRecursiveComparison().isEqualTo(done);
    assertThat(one.perform(get("counters", "again")))
        .isInstanceOfSatisfying(
            Outcome.Found.class,
            found -> assertThat(new String(found.entry().value(), US_ASCII)).isEqualTo("2"));
  }

  /** A copy that outlived the owner's is gone as well. */
  @Test
  void deletion_ofWhatWasEvictedAtOneMember_holdsAtBoth() {
    one.perform(put("evicted", "k"));
    for (Node each : List.of(one, other)) {
      Key key = key("k");
      Delete delete = new Delete("evicted", key, Preconditions.NONE, List.of());
      other.perform(put("evicted", "k"));
      byte[] bytes = GridKey.of(new EntryId("evicted", key));
      GridBytes.container(each.grid.entries()).remove(key.partition(), new WrappedByteArray(bytes));
      assertThat(each.perform(delete))
          .isInstanceOf(
              each.grid.topology().getSegmentDistribution(key.partition()).isPrimary()
                  ? Outcome.Absent.class
                  : Outcome.Removed.class);
      assertThat(one.perform(get("evicted", "k"))).isInstanceOf(Outcome.Absent.class);
      assertThat(other.perform(get("evicted", "k"))).isInstanceOf(Outcome.Absent.class);
    }
  }

  /** A member with a copy does as the owner says, whatever it has itself. */
  @Test
  void write_whereACopyIsMissing_putsItBack() {
    one.perform(put("missing", "k"));
    Key key = key("k");
    WrappedByteArray bytes = new WrappedByteArray(GridKey.of(new EntryId("missing", key)));
    boolean first = one.grid.topology().getSegmentDistribution(key.partition()).isPrimary();
    Node owner = first ? one : other;
    Node copy = first ? other : one;
    GridBytes.container(copy.grid.entries()).remove(key.partition(), bytes);
    assertThat(owner.perform(put("missing", "k")))
        .isInstanceOfSatisfying(
            Outcome.Stored.class, stored -> assertThat(stored.created()).isFalse());
    assertThat(copy.kept("missing")).isEqualTo(1);
  }

  @Test
  void sweep_keepsTheBoundOfACache_andFreesWhatWasInvalidated() {
    int entries = 400;
    CacheConfig config = new CacheConfig(null, null, 100L, null, null);
    one.caches.configure(List.of(new Configuration("bounded", config, 1)));
    other.caches.configure(List.of(new Configuration("bounded", config, 1)));
    IntStream.range(0, entries).forEach(i -> one.perform(put("bounded", "k" + i)));
    await()
        .atMost(SOON)
        .until(
            () -> {
              one.operations.sweep();
              other.operations.sweep();
              return one.page("bounded", entries).size() <= 100
                  && other.page("bounded", entries).size() <= 100;
            });
    assertThat(one.page("bounded", entries).size() + other.page("bounded", entries).size())
        .isGreaterThan(100);
    one.operations.invalidate(Command.Invalidate.of("bounded", Invalidation.ofAll(), null));
    await()
        .atMost(SOON)
        .until(
            () -> {
              one.operations.sweep();
              return one.kept("bounded") == 0;
            });
  }

  /** Objects around small entries take more than these; Infinispan does not count them. */
  @Test
  void bound_countsWhatIsAroundTheEntries() throws Exception {
    long most = 200_000;
    Node small = new Node("bounded", 0, "small", freePort(), SECRET, List.of());
    GridCells cells = new GridCells(small.grid);
    try {
      IntStream.range(0, 2_000).forEach(i -> small.perform(put("b", "k" + i)));
      assertThat(cells.bytes()).isGreaterThan(2 * most);
      await()
          .atMost(SOON)
          .until(
              () -> {
                cells.bound(most);
                return cells.bytes() <= most;
              });
      assertThat(cells.bytes()).isGreaterThan(most * 9 / 10);
    } finally {
      small.grid.stop();
    }
  }

  /** All that a member has goes to the others before it leaves. */
  @Test
  void drain_givesEverythingToTheOthers() throws Exception {
    IntStream.range(0, 200).forEach(i -> one.perform(put("drained", "k" + i)));
    Node third =
        new Node(
            "third", freePort(), SECRET, Stream.of(one, other).map(each -> each.port).toList());
    List<Node> all = List.of(one, other, third);
    try {
      await().atMost(SOON).until(() -> all.stream().allMatch(each -> each.grid.size() == 3));
      await().atMost(SOON).until(() -> third.grid.arriving() == 0);
      assertThat(third.page("drained", 200)).isNotEmpty();
      all.forEach(each -> each.grid.drain(Set.of("third-instance")));
      await().atMost(SOON).until(() -> third.grid.leaving() == 0);
      assertThat(third.page("drained", 200)).isEmpty();
      assertThat(third.kept("drained")).isZero();
    } finally {
      third.grid.stop();
      Stream.of(one, other).forEach(each -> each.grid.drain(Set.of()));
    }
    List<Key> keys =
        Stream.of(one, other)
            .flatMap(each -> each.page("drained", 200).stream())
            .map(Listed::key)
            .toList();
    assertThat(keys).hasSize(200).doesNotHaveDuplicates();
  }

  /** Where there are no copies, what leaves is handed over as well. */
  @Test
  void drain_withoutCopies_givesEverythingToTheOthers() throws Exception {
    int port = freePort();
    Node stays = new Node("copyless", 0, "stays", port, SECRET, List.of());
    Node leaves = new Node("copyless", 0, "leaves", freePort(), SECRET, List.of(port));
    List<Node> all = List.of(stays, leaves);
    try {
      await().atMost(SOON).until(() -> leaves.grid.size() == 2 && leaves.grid.arriving() == 0);
      IntStream.range(0, 200).forEach(i -> stays.perform(put("drained", "k" + i)));
      assertThat(leaves.page("drained", 200)).isNotEmpty();
      all.forEach(each -> each.grid.drain(Set.of("leaves-instance")));
      await().atMost(SOON).until(() -> leaves.grid.leaving() == 0);
      assertThat(stays.page("drained", 200)).hasSize(200);
    } finally {
      leaves.grid.stop();
      stays.grid.stop();
    }
  }

  /**
   * Such as the answer of a web server whose port was said to be that of a grid; at the port for
   * messages, and at the one for noticing crashes.
   */
  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 400 Bad Request\r\n\r\n", "\u007f\u007f\u007f\u007f"})
  void bytesThatAreNoMessage_takeNoMemoryAndHarmNobody(String bytes) throws Exception {
    for (int port : List.of(one.port, one.port + 100)) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.getOutputStream().write(bytes.getBytes(US_ASCII));
        socket.setSoTimeout((int) SOON.toMillis());
        assertThat(socket.getInputStream().read()).as("closed").isEqualTo(-1);
      }
    }
    assertThat(other.perform(put("c", "harmless"))).isInstanceOf(Outcome.Stored.class);
    assertThat(one.perform(get("c", "harmless"))).isInstanceOf(Outcome.Found.class);
  }

  /** Without the secret nobody gets in, and nobody is disturbed. */
  @Test
  void stranger_staysAlone() throws Exception {
    List<Integer> ports = Stream.of(one, other).map(each -> each.port).toList();
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
