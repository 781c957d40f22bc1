package io.smache.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smache.node.store.Caches;
import io.smache.node.store.Clock;
import io.smache.node.store.OutboundTransfers;
import io.smache.node.store.EntityTags;
import io.smache.node.store.Format;
import io.smache.node.store.Get;
import io.smache.node.store.Increment;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.node.store.LifetimeSpec;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import io.smache.node.store.Preconditions;
import io.smache.node.store.Put;
import io.smache.node.store.Shard;
import io.smache.node.store.Sweep;
import io.smache.protocol.Assignment;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The core alone, without a server and without locks: one thread, 100,000 entries. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class CoreBench {
  private static final int ENTRIES = 1 << 17;
  private static final String CACHE = Operation.DEFAULT_CACHE;
  private static final byte[] VALUE = "{\"color\":\"blue\",\"size\":42}".getBytes(UTF_8);
  private static final Preconditions ABSENT =
      new Preconditions(null, EntityTags.ANY, null, null);

  private final Caches caches = new Caches(Clock.SYSTEM, 1L << 30, 1 << 23);
  private final Shard shard = new Shard(caches);
  private final Sweep sweep =
      new Sweep(caches, List.of(shard), key -> shard, new OutboundTransfers(caches, key -> shard));
  private final List<String> texts =
      IntStream.range(0, ENTRIES).mapToObj("key-%012d"::formatted).toList();
  private final List<Key> keys = new ArrayList<>();
  private PartitionTable table;
  private Key counter;
  private int next;

  /** Owns everything, and has written every key once. */
  @Setup
  public void fill() throws KeyException {
    BitSet all = new BitSet();
    all.set(0, PartitionTable.PARTITIONS);
    shard.own(all, Map.of());
    for (String text : texts) {
      keys.add(Key.of(text));
    }
    keys.forEach(key -> shard.perform(Put.plain(CACHE, key, VALUE, Format.JSON)));
    counter = Key.of("counter");
    List<Member> members =
        IntStream.range(0, 8)
            .mapToObj(i -> new Member("n" + i, "http://10.0.0." + i + ":8080", "instance-" + i))
            .toList();
    table = Assignment.first("clusterId", false, members, 1);
  }

  /** Reads one of all entries. */
  @Benchmark
  public Outcome get() {
    return shard.read(Get.plain(CACHE, key()));
  }

  /** Replaces one of all entries. */
  @Benchmark
  public Outcome put() {
    return shard.perform(Put.plain(CACHE, key(), VALUE, Format.JSON));
  }

  /** Is refused, because there is an entry already. */
  @Benchmark
  public Outcome putIfAbsent() {
    return shard.perform(
        new Put(CACHE, key(), VALUE, Format.JSON, List.of(), LifetimeSpec.UNSAID, ABSENT, List.of()));
  }

  /** Adds one to the same integer. */
  @Benchmark
  public Outcome increment() {
    return shard.perform(
        new Increment(
            CACHE,
            counter,
            BigInteger.ONE,
            BigInteger.ZERO,
            LifetimeSpec.UNSAID,
            Preconditions.NONE,
            List.of()));
  }

  /** Finds that nothing is to be reclaimed. */
  @Benchmark
  public long sweep() {
    return sweep.reclaim();
  }

  /** Makes a key of text: normalizes it and mixes it to partition and shard. */
  @Benchmark
  public int key_ofText() throws KeyException {
    return Key.of(texts.get(index())).shard(16);
  }

  /** Finds the owner of a key. */
  @Benchmark
  public Member owner() {
    return table.owner(key().partition());
  }

  private Key key() {
    return keys.get(index());
  }

  /** Goes through all in an order that no cache of the processor foresees. */
  private int index() {
    next = (next + 70_001) & (ENTRIES - 1);
    return next;
  }
}
