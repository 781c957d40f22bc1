package io.smache.node.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.smache.protocol.PartitionTable;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many threads on one key, under the lock that a shard bean would hold. */
class ShardConcurrencyTest {
  private static final String CACHE = "crowd";
  private static final int CLIENTS = 64;

  private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
  private final Caches caches = new Caches(Clock.SYSTEM, 1 << 26, Integer.MAX_VALUE);
  private final Guard guard = new Guard(caches);

  @AfterEach
  void stop() {
    clients.shutdownNow();
  }

  @Test
  void put_ifMatchFromManyClients_exactlyOneWinsEachRound() throws Exception {
    Key key = Key.of("matched");
    AtomicInteger won = new AtomicInteger();
    int rounds = 10_000;
    guard.perform(Put.plain(CACHE, key, new byte[1], Format.BYTES));
    List<EntityTags> tag = new ArrayList<>(List.of(tagOf(key)));
    CyclicBarrier round =
        new CyclicBarrier(
            CLIENTS,
            () -> {
              assertThat(won.getAndSet(0)).isEqualTo(1);
              tag.set(0, tagOf(key));
            });
    allClients(
        () -> {
          for (int i = 0; i < rounds; i++) {
            Preconditions only = new Preconditions(tag.get(0), null, null, null);
            won.addAndGet(guard.perform(put(key, only)) instanceof Outcome.Stored ? 1 : 0);
            round.await();
          }
          return 0;
        });
  }

  @Test
  void put_ifNoneMatchFromManyClients_exactlyOneWinsEachRound() throws Exception {
    AtomicInteger won = new AtomicInteger();
    int rounds = 10_000;
    CyclicBarrier round =
        new CyclicBarrier(CLIENTS, () -> assertThat(won.getAndSet(0)).isEqualTo(1));
    Preconditions onlyNew = new Preconditions(null, EntityTags.ANY, null, null);
    allClients(
        () -> {
          for (int i = 0; i < rounds; i++) {
            Outcome outcome = guard.perform(put(Key.of("new-" + i), onlyNew));
            won.addAndGet(outcome instanceof Outcome.Stored ? 1 : 0);
            round.await();
          }
          return 0;
        });
  }

  @Test
  void invalidate_entryThatIsSpared_isNeverAMiss() throws Exception {
    int rounds = 50_000;
    Key spared = Key.of("spared");
    guard.perform(put(spared, Preconditions.NONE));
    Future<Integer> invalidating =
        clients.submit(
            () -> {
              for (int i = 0; i < rounds; i++) {
                guard.shard.invalidate(CACHE, Invalidation.ofAll(), spared);
              }
              return rounds;
            });
    Get get = Get.plain(CACHE, spared);
    while (!invalidating.isDone()) {
      assertThat(guard.shard.read(get)).isInstanceOf(Outcome.Found.class);
    }
    assertThat(invalidating.get()).isEqualTo(rounds);
  }

  @Test
  void read_whileTheEntryArrives_isNeverAMiss() throws Exception {
    int rounds = 50_000;
    TransferredEntry.Contents contents =
        new TransferredEntry.Contents(
            new byte[1],
            Format.BYTES,
            List.of(),
            new Version(1, 1),
            0,
            Expiration.NONE,
            Expiration.ENDLESS);
    BitSet all = new BitSet();
    all.set(0, PartitionTable.PARTITIONS);
    Map<Integer, Long> arriving = new HashMap<>();
    all.stream().forEach(partition -> arriving.put(partition, 7L));
    guard.shard.own(new BitSet(), Map.of());
    guard.shard.own(all, arriving);
    AtomicInteger wanted = new AtomicInteger();
    Future<Integer> target =
        clients.submit(
            () -> {
              for (int i = 0; i < rounds; i++) {
                while (wanted.get() < i) {
                  Thread.onSpinWait();
                }
                EntryId id = new EntryId(CACHE, Key.of("arrives-" + i));
                guard.shard.receive(7, new TransferredEntry(id, contents, 0), true);
              }
              return rounds;
            });
    for (int i = 0; i < rounds; i++) {
      Get get = Get.plain(CACHE, Key.of("arrives-" + i));
      wanted.set(i);
      Outcome outcome = guard.shard.read(get);
      while (outcome instanceof Outcome.Arriving) {
        outcome = guard.shard.read(get);
      }
      assertThat(outcome).isInstanceOf(Outcome.Found.class);
    }
    assertThat(target.get()).isEqualTo(rounds);
  }

  @Test
  void increment_fromManyClients_addsUp() throws Exception {
    Key key = Key.of("counter");
    Increment one =
        new Increment(
            CACHE,
            key,
            BigInteger.ONE,
            BigInteger.ZERO,
            LifetimeSpec.UNSAID,
            Preconditions.NONE,
            List.of());
    allClients(
        () -> {
          for (int i = 0; i < 1000; i++) {
            guard.perform(one);
          }
          return 0;
        });
    Outcome.Found found = (Outcome.Found) guard.shard.read(Get.plain(CACHE, key));
    assertThat(new String(found.entry().value(), StandardCharsets.US_ASCII))
        .isEqualTo(Integer.toString(CLIENTS * 1000));
  }

  @Test
  void claim_fromManyClients_namesOneWinner() throws Exception {
    for (int i = 0; i < 200; i++) {
      Get get = new Get(CACHE, Key.of("missing-" + i), Preconditions.NONE, true, 60_000, 0, false);
      List<Outcome> outcomes = allClients(() -> claim(get));
      assertThat(outcomes).filteredOn(new Outcome.Absent(State.WINNER, 0)::equals).hasSize(1);
    }
  }

  /** A reader must not see what was invalidated before it asked, whatever the sweep does. */
  @Test
  void read_afterAnInvalidation_neverSeesWhatWasThereBefore() throws Exception {
    Key key = Key.of("swept");
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger invalidated = new AtomicInteger();
    Future<?> sweeping =
        clients.submit(
            () -> {
              Sweep sweep =
                  new Sweep(
                      caches,
                      List.of(guard.shard),
                      any -> guard.shard,
                      new OutboundTransfers(caches, any -> guard.shard));
              while (!done.get()) {
                sweep.reclaim();
              }
            });
    List<Future<?>> reading = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      reading.add(
          clients.submit(
              () -> {
                while (!done.get()) {
                  int gone = invalidated.get();
                  if (guard.shard.read(Get.plain(CACHE, key)) instanceof Outcome.Found found) {
                    assertThat(number(found)).isGreaterThan(gone);
                  }
                }
              }));
    }
    for (int i = 1; i <= 100_000; i++) {
      byte[] value = Integer.toString(i).getBytes(StandardCharsets.US_ASCII);
      guard.perform(Put.plain(CACHE, key, value, Format.BYTES));
      guard.invalidate(CACHE, Invalidation.ofAll());
      invalidated.set(i);
    }
    done.set(true);
    sweeping.get(10, TimeUnit.SECONDS);
    for (Future<?> each : reading) {
      each.get(10, TimeUnit.SECONDS);
    }
  }

  private static int number(Outcome.Found found) {
    return Integer.parseInt(new String(found.entry().value(), StandardCharsets.US_ASCII));
  }

  private Outcome claim(Get get) {
    Outcome read = guard.shard.read(get);
    return read instanceof Outcome.Unclaimed ? guard.perform(get) : read;
  }

  private static Put put(Key key, Preconditions preconditions) {
    return new Put(
        CACHE,
        key,
        new byte[1],
        Format.BYTES,
        List.of(),
        LifetimeSpec.UNSAID,
        preconditions,
        List.of());
  }

  private EntityTags tagOf(Key key) {
    Outcome.Found found = (Outcome.Found) guard.shard.read(Get.plain(CACHE, key));
    String opaque = found.entry().version().tag();
    return new EntityTags(false, List.of(new EntityTags.Tag(opaque, false)));
  }

  private <T> List<T> allClients(Callable<T> work) throws Exception {
    List<Future<T>> running = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      running.add(clients.submit(work));
    }
    List<T> results = new ArrayList<>();
    for (Future<T> each : running) {
      results.add(each.get(2, TimeUnit.MINUTES));
    }
    return results;
  }
}
