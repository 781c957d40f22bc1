package io.smache.node.cluster;

import io.smache.node.runtime.Timeouts;
import io.smache.node.store.Caches;
import io.smache.node.store.Clock;
import io.smache.node.store.Command;
import io.smache.node.store.Command.CommandReport;
import io.smache.node.store.Command.Result;
import io.smache.node.store.EntryId;
import io.smache.node.store.Expiration;
import io.smache.node.store.Format;
import io.smache.node.store.Get;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.node.store.Operation;
import io.smache.node.store.OutboundTransfers;
import io.smache.node.store.OutboundTransfers.Outbound;
import io.smache.node.store.Put;
import io.smache.node.store.Shard;
import io.smache.node.store.TransferChunk;
import io.smache.node.store.TransferredEntry;
import io.smache.node.store.Version;
import io.smache.protocol.Assignment;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import io.smache.protocol.TableDifference;
import io.smache.protocol.message.Json;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs code once before it is needed. A node that joins a working cluster gets its share of all
 * requests at once, and a JVM needs a hundred times as long for what it runs for the first time: so
 * the node first sends itself what other nodes will send. And a server that stops closes the jars
 * of an application before it tells the application: so the classes of a transfer are loaded when
 * the node starts. For one thread.
 */
@Dependent
public class Warmup {
  private static final Logger LOG = System.getLogger(Warmup.class.getName());

  private static final Duration MOST = Duration.ofSeconds(10);
  private static final int ROUNDS = 1000;
  private static final byte[] VALUE = new byte[100];
  private static final TransferredEntry.Contents CONTENTS =
      new TransferredEntry.Contents(
          VALUE, Format.BYTES, List.of(), new Version(1, 1), 0, new Expiration(false, 0, 0, 0), 1);

  private static final long BYTES = 1 << 20;
  private static final String NOBODY = "nobody";

  private final ClusterConfig config;
  private final PeerLink peers;
  private final UplinkLink uplink;

  private final long began = System.nanoTime();
  private boolean over;

  /** Takes what a node sends itself with. */
  @Inject
  public Warmup(ClusterConfig config, PeerLink peers, UplinkLink uplink) {
    this.config = config;
    this.peers = peers;
    this.uplink = uplink;
  }

  /** Transfers one entry to nobody, which loads all classes that a transfer needs. */
  public static void loadClasses() {
    try {
      playTransfer();
      playTableChange();
    } catch (IOException | KeyException e) {
      throw new IllegalStateException("the transfer of one entry to nobody failed", e);
    }
  }

  private static void playTransfer() throws KeyException, IOException {
    Caches caches = new Caches(Clock.SYSTEM, BYTES, BYTES);
    Shard shard = new Shard(caches);
    BitSet all = new BitSet();
    all.set(0, PartitionTable.PARTITIONS);
    shard.own(all, Map.of());
    Key key = Key.of("warmup");
    shard.perform(Put.plain(Operation.DEFAULT_CACHE, key, new byte[1], Format.BYTES));
    OutboundTransfers outboundTransfers = new OutboundTransfers(caches, any -> shard);
    outboundTransfers.begin(List.of(new Outbound(key.partition(), 1, NOBODY)));
    shard.own(new BitSet(), Map.of());
    outboundTransfers.close();
    OutboundTransfers.Batch batch = outboundTransfers.batch(NOBODY, 1);
    Command push = new Command.PushChunks(batch.chunks(), 0);
    Wire.read(Wire.write(new Wire.Order(push)), Wire.Order.class);
    CommandReport pushed = new CommandReport(1, new Result.Pushed(true, List.of(), 0));
    Wire.read(Wire.write(pushed), CommandReport.class);
    outboundTransfers.confirm(batch);
    outboundTransfers.abandon(Set.of());
  }

  private static void playTableChange() throws IOException {
    Member one = new Member("one", "http://localhost", "one");
    Member other = new Member("other", "http://localhost", "other");
    PartitionTable before = Assignment.first(NOBODY, false, List.of(one), 1);
    PartitionTable after = Assignment.next(before, List.of(one, other), Set.of(), 2);
    byte[] difference = Json.MAPPER.writeValueAsBytes(TableDifference.between(before, after));
    Json.MAPPER.readValue(difference, TableDifference.class).appliedTo(before);
    byte[] table = Json.MAPPER.writeValueAsBytes(after);
    Json.MAPPER.readValue(table, PartitionTable.class);
  }

  /** Returns whether this node may join; to be called until it may. */
  boolean isOver() throws InterruptedException, ExecutionException, TimeoutException {
    if (over) {
      return true;
    }
    if (await(peers.isOwnUrlUp())) {
      over = true;
      if (isNew()) {
        sendToItself();
      }
    }
    over |= System.nanoTime() - began > Timeouts.OWN_URL.toNanos();
    return over;
  }

  /** A returning member is missed until it is back; a cluster that forms has no requests yet. */
  private boolean isNew() throws InterruptedException, ExecutionException, TimeoutException {
    String name = config.self().name();
    return await(
        uplink
            .table()
            .thenApply(table -> table.member(name).isEmpty())
            .exceptionally(failure -> false));
  }

  /** Failures are ignored here; they surface on the first real request. */
  private void sendToItself() throws InterruptedException {
    long started = System.nanoTime();
    int rounds = 0;
    try {
      while (rounds < ROUNDS && System.nanoTime() - started < MOST.toNanos()) {
        play(Key.of("warmup-" + rounds));
        rounds++;
      }
    } catch (ExecutionException | TimeoutException | KeyException e) {
      LOG.log(Level.DEBUG, "the warm-up ended early", e);
    }
    LOG.log(
        Level.INFO,
        "warmed up with {0} rounds of requests in {1} ms",
        Integer.toString(rounds),
        Long.toString(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started)));
  }

  /** Without effect: a node without a table owns no key and receives no partition. */
  private void play(Key key) throws InterruptedException, ExecutionException, TimeoutException {
    Member self = config.self();
    EntryId id = new EntryId(Operation.DEFAULT_CACHE, key);
    Operation put = Put.plain(id.cache(), key, VALUE, Format.BYTES);
    List<Operation> operations = List.of(Get.plain(id.cache(), key), put);
    TransferredEntry transferred = new TransferredEntry(id, CONTENTS, 0);
    Command.PushChunks push =
        new Command.PushChunks(
            List.of(new TransferChunk(key.partition(), 0, List.of(transferred), false)), 0);
    await(peers.sendAll(self, 0, operations));
    await(peers.send(self, 0, operations.get(0)));
    await(peers.send(self, 0, put, push));
    await(peers.send(self, push));
    await(peers.send(self, new Command.FetchEntries(List.of(id), List.of())));
  }

  private static <T> T await(CompletableFuture<T> future)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future.get(Timeouts.WARMUP.toMillis(), TimeUnit.MILLISECONDS);
  }
}
