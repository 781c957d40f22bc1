package io.smache.node.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.smache.node.store.Caches;
import io.smache.node.store.Clock;
import io.smache.node.store.EntryId;
import io.smache.node.store.Expiration;
import io.smache.node.store.Format;
import io.smache.node.store.Get;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import io.smache.node.store.Put;
import io.smache.node.store.TransferredEntry;
import io.smache.node.store.Version;
import io.smache.protocol.PartitionTable;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Many operations at once, on shards with plain locks. */
class ShardsTest {
  private static final String CACHE = "c";
  private static final long SINCE = 7;

  /** What happens once, between one use of the lock and the next. */
  private Runnable between = this::nothing;

  private final Shards shards =
      new Shards(1, new Caches(Clock.SYSTEM, 1 << 20, 1 << 20), new Locks());

  private final class Locks extends PlainLocks {
    Locks() {
      super(1);
    }

    @Override
    public <T> T call(int index, Supplier<T> work) {
      T done = super.call(index, work);
      Runnable next = between;
      between = ShardsTest.this::nothing;
      next.run();
      return done;
    }
  }

  @Test
  void performAll_operationIsPutOff_putsOffThoseBehindItOnTheSameKey() throws KeyException {
    Key moving = Key.of("moving");
    Key other = Key.of("other");
    BitSet all = new BitSet();
    all.set(0, PartitionTable.PARTITIONS);
    shards.own(all, Map.of(moving.partition(), SINCE));
    TransferredEntry.Contents contents =
        new TransferredEntry.Contents(
            new byte[1],
            Format.BYTES,
            List.of(),
            new Version(1, 1),
            0,
            new Expiration(false, 0, 0, 0),
            Long.MAX_VALUE / 2);
    TransferredEntry old = new TransferredEntry(new EntryId(CACHE, moving), contents, 0);
    between = () -> shards.receive(List.of(old), partition -> SINCE, false, 0);
    List<Outcome> outcomes =
        shards.performAll(List.of(put(moving), Get.plain(CACHE, other), put(moving), put(other)));
    assertThat(outcomes.get(0)).isInstanceOf(Outcome.Arriving.class);
    assertThat(outcomes.get(1)).isInstanceOf(Outcome.Absent.class);
    assertThat(outcomes.get(2)).as("it would be overtaken").isInstanceOf(Outcome.Arriving.class);
    assertThat(outcomes.get(3)).isInstanceOf(Outcome.Stored.class);
    assertThat(shards.performAll(List.of(put(moving), put(moving))))
        .allMatch(Outcome.Stored.class::isInstance);
  }

  private void nothing() {}

  private static Operation put(Key key) {
    return Put.plain(CACHE, key, new byte[1], Format.BYTES);
  }
}
