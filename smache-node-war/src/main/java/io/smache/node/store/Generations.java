package io.smache.node.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What was invalidated in one cache and one shard, and is not reclaimed yet: an entry that a group,
 * a prefix or all of the cache was invalidated after is gone, whether or not it is still in memory.
 * So an invalidation costs the same for any number of entries.
 *
 * <p>Records are made under the lock of the shard; anybody may look at any time. A record goes when
 * all entries that it covers have been removed. Since an entry may be read before that and judged
 * after it, the number of {@link #rounds} tells a reader that it has to look again.
 */
final class Generations {
  /** Group, or {@link #ALL}, to the last write of the shard that it covers. */
  private final Map<Object, Long> covered = new ConcurrentHashMap<>();

  /** Beginnings of keys, by themselves: there is no looking them up by a key. */
  private final Map<Key, Long> prefixes = new ConcurrentHashMap<>();

  private static final Object ALL = new Object();

  private volatile int rounds;

  /** Guarded by the lock of the shard. */
  void record(Invalidation invalidation, long sequence) {
    if (invalidation.all()) {
      covered.put(ALL, sequence);
    }
    if (invalidation.prefix() != null) {
      prefixes.put(invalidation.prefix(), sequence);
    }
    invalidation.groups().forEach(group -> covered.put(group, sequence));
  }

  int rounds() {
    return rounds;
  }

  boolean isEmpty() {
    return covered.isEmpty() && prefixes.isEmpty();
  }

  boolean cover(Key key, Entry entry) {
    if (isEmpty()) {
      return false;
    }
    return isCovered(ALL, entry)
        || entry.groups().stream().anyMatch(group -> isCovered(group, entry))
        || prefixes.entrySet().stream()
            .anyMatch(each -> entry.order() <= each.getValue() && key.startsWith(each.getKey()));
  }

  private boolean isCovered(Object generation, Entry entry) {
    Long last = covered.get(generation);
    return last != null && entry.order() <= last;
  }

  /** Returns the records of now, to be given to {@link #drop} when what they cover is removed. */
  List<Map.Entry<Object, Long>> pending() {
    List<Map.Entry<Object, Long>> records = new ArrayList<>();
    covered.forEach((covering, last) -> records.add(Map.entry(covering, last)));
    prefixes.forEach((prefix, last) -> records.add(Map.entry(prefix, last)));
    return records;
  }

  /** Called by one thread at a time. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time
  void drop(List<Map.Entry<Object, Long>> records) {
    rounds++;
    for (Map.Entry<Object, Long> each : records) {
      covered.remove(each.getKey(), each.getValue());
      prefixes.remove(each.getKey(), each.getValue());
    }
  }
}
