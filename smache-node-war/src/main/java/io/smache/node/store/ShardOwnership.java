package io.smache.node.store;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that a shard serves, and those of them that still arrive. Immutable, except for
 * the keys that settle.
 *
 * @param arriving by partition; not copied
 */
record ShardOwnership(BitSet partitions, Map<Integer, InboundTransfer> arriving) {
  /** Nothing. */
  static final ShardOwnership NOTHING = new ShardOwnership(new BitSet(), Map.of());

  /**
   * Returns what is owned next; a partition that arrives still, with the same epoch, goes on to.
   *
   * @param since those of the partitions that arrive, with the epoch in which they came
   */
  ShardOwnership next(BitSet partitions, Map<Integer, Long> since) {
    Map<Integer, InboundTransfer> now = new HashMap<>();
    since.forEach(
        (partition, epoch) -> {
          InboundTransfer known = arriving.get(partition);
          now.put(
              partition,
              known != null && known.since() == epoch ? known : new InboundTransfer(epoch));
        });
    return new ShardOwnership((BitSet) partitions.clone(), Map.copyOf(now));
  }

  /** Returns the same when these, if they came in these epochs, have arrived completely. */
  ShardOwnership without(Map<Integer, Long> arrived) {
    Map<Integer, InboundTransfer> left = new HashMap<>(arriving);
    left.entrySet()
        .removeIf(each -> Long.valueOf(each.getValue().since()).equals(arrived.get(each.getKey())));
    return new ShardOwnership(partitions, Map.copyOf(left));
  }

  boolean has(Key key) {
    return partitions.get(key.partition());
  }

  @Nullable InboundTransfer transfer(Key key) {
    return arriving.isEmpty() ? null : arriving.get(key.partition());
  }

  /** Returns whether the old owner has to be asked for a key that is not here. */
  boolean isOpen(String cache, Key key) {
    InboundTransfer transfer = transfer(key);
    return transfer != null && !transfer.isSettled(new EntryId(cache, key));
  }
}
