package io.smache.node.store;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a shard serves, and what of it arrives yet; never changed but for the keys that settle.
 *
 * @param arriving by partition; not copied
 */
record Owned(BitSet partitions, Map<Integer, Arrival> arriving) {
  /** Nothing. */
  static final Owned NOTHING = new Owned(new BitSet(), Map.of());

  /**
   * Returns what is owned next; a partition that arrives still, with the same epoch, goes on to.
   *
   * @param since those of the partitions that arrive, with the epoch in which they came
   */
  Owned next(BitSet partitions, Map<Integer, Long> since) {
    Map<Integer, Arrival> now = new HashMap<>();
    since.forEach(
        (partition, epoch) -> {
          Arrival known = arriving.get(partition);
          now.put(partition, known != null && known.since() == epoch ? known : new Arrival(epoch));
        });
    return new Owned((BitSet) partitions.clone(), Map.copyOf(now));
  }

  /** Returns the same when these, if they came in these epochs, have arrived as a whole. */
  Owned without(Map<Integer, Long> arrived) {
    Map<Integer, Arrival> left = new HashMap<>(arriving);
    left.entrySet()
        .removeIf(each -> Long.valueOf(each.getValue().since()).equals(arrived.get(each.getKey())));
    return new Owned(partitions, Map.copyOf(left));
  }

  boolean has(Key key) {
    return partitions.get(key.partition());
  }

  @Nullable Arrival arrival(Key key) {
    return arriving.isEmpty() ? null : arriving.get(key.partition());
  }

  /** Returns whether the old owner has to be asked for a key that is not here. */
  boolean isOpen(String cache, Key key) {
    Arrival arrival = arrival(key);
    return arrival != null && !arrival.isSettled(new Place(cache, key));
  }
}
