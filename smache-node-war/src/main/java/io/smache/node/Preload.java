package io.smache.node;

import io.smache.node.cluster.Wire;
import io.smache.node.store.Caches;
import io.smache.node.store.Clock;
import io.smache.node.store.Command;
import io.smache.node.store.Command.Report;
import io.smache.node.store.Command.Said;
import io.smache.node.store.Departures;
import io.smache.node.store.Departures.Leaving;
import io.smache.node.store.Format;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.node.store.Operation;
import io.smache.node.store.Put;
import io.smache.node.store.Shard;
import io.smache.protocol.Assignment;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import io.smache.protocol.TableDifference;
import io.smache.protocol.http.JsonProvider;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Hands one entry over to nobody when the node starts. A server that ends closes the jars of an
 * application before it tells it so; then no class can be loaded any more, and those that handing
 * over needs have to be there already.
 */
final class Preload {
  private static final long BYTES = 1 << 20;
  private static final String NOBODY = "nobody";

  private Preload() {}

  static void play() {
    try {
      handOver();
      change();
    } catch (IOException | KeyException e) {
      throw new IllegalStateException("a rehearsal of handing over failed", e);
    }
  }

  private static void handOver() throws KeyException, IOException {
    Caches caches = new Caches(Clock.SYSTEM, BYTES, BYTES);
    Shard shard = new Shard(caches);
    BitSet all = new BitSet();
    all.set(0, PartitionTable.PARTITIONS);
    shard.own(all, Map.of());
    Key key = Key.of("rehearsal");
    shard.write(Put.plain(Operation.DEFAULT_CACHE, key, new byte[1], Format.BYTES));
    Departures departures = new Departures(caches, any -> shard);
    departures.begin(List.of(new Leaving(key.partition(), 1, NOBODY)));
    shard.own(new BitSet(), Map.of());
    departures.close();
    Departures.Batch batch = departures.batch(NOBODY, 1);
    Command take = new Command.Take(batch.parts(), 0);
    Wire.read(Wire.write(new Wire.Order(take)), Wire.Order.class);
    Report taken = new Report(1, new Said.Taken(true, List.of(), 0));
    Wire.read(Wire.write(taken), Report.class);
    departures.confirm(batch);
    departures.abandon(Set.of());
  }

  private static void change() throws IOException {
    Member one = new Member("one", "http://localhost", "one");
    Member other = new Member("other", "http://localhost", "other");
    PartitionTable before = Assignment.first(NOBODY, false, List.of(one), 1);
    PartitionTable after = Assignment.next(before, List.of(one, other), Set.of(), 2);
    byte[] difference =
        JsonProvider.MAPPER.writeValueAsBytes(TableDifference.between(before, after));
    JsonProvider.MAPPER.readValue(difference, TableDifference.class).appliedTo(before);
    byte[] table = JsonProvider.MAPPER.writeValueAsBytes(after);
    JsonProvider.MAPPER.readValue(table, PartitionTable.class);
  }
}
