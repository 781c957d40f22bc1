package io.smache.node.store;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What was invalidated in one cache and one shard, and is not reclaimed yet: an entry that a group,
 * a prefix or all of the cache was invalidated after is gone, whether or not it is still in memory.
 * So an invalidation costs the same for any number of entries, and a read the same for any number
 * of invalidations: one look-up for each group of the entry, and one for each length that a prefix
 * has, of which there are at most {@value #MAX_LENGTHS}. When there are more, or when their memory
 * is used up, all of the cache is invalidated in place of its parts.
 *
 * <p>Records are made under the lock of the shard; anybody may look at any time. A record goes when
 * all entries that it covers have been removed. Since an entry may be read before that and judged
 * after it, the number of {@link #rounds} tells a reader that it has to look again.
 */
final class Generations {
  /** The most lengths that prefixes may have at a time. */
  static final int MAX_LENGTHS = 64;

  private static final Object ALL = new Object();

  private final InvalidationBudget budget;

  /** Group, prefix or {@link #ALL}, to the last write of the shard that it covers. */
  private final Map<Object, Long> records = new ConcurrentHashMap<>();

  /** How many prefixes have a length. Used while this is locked. */
  private final NavigableMap<Integer, Integer> prefixesByLength = new TreeMap<>();

  /** The lengths of all prefixes, ascending. */
  private volatile int[] lengths = {};

  private volatile int rounds;

  Generations(InvalidationBudget budget) {
    this.budget = budget;
  }

  /** Guarded by the lock of the shard. */
  synchronized void record(Invalidation invalidation, long sequence) {
    boolean inParts =
        !invalidation.all()
            && (invalidation.prefix() == null || put(invalidation.prefix(), sequence))
            && invalidation.groups().stream().allMatch(group -> put(group, sequence));
    if (!inParts) {
      // Before the parts go: a reader looks for them first.
      records.put(ALL, sequence);
      records.forEach(this::removePart);
    }
  }

  /** Returns whether there is room for the part. */
  private boolean put(Object part, long sequence) {
    boolean known = records.containsKey(part);
    if (!known && !budget.reserve(length(part))) {
      return false;
    }
    records.put(part, sequence);
    if (!known && part instanceof Key prefix) {
      count(prefix.length(), 1);
    }
    return lengths.length <= MAX_LENGTHS;
  }

  private void removePart(Object part, Long last) {
    if (part != ALL && records.remove(part, last)) {
      budget.give(length(part));
      if (part instanceof Key prefix) {
        count(prefix.length(), -1);
      }
    }
  }

  private void count(int length, int change) {
    prefixesByLength.merge(length, change, Integer::sum);
    prefixesByLength.remove(length, 0);
    if (prefixesByLength.size() != lengths.length) {
      lengths = prefixesByLength.keySet().stream().mapToInt(Integer::intValue).toArray();
    }
  }

  private static int length(Object part) {
    return part instanceof Key prefix ? prefix.length() : part.toString().length();
  }

  int rounds() {
    return rounds;
  }

  boolean isEmpty() {
    return records.isEmpty();
  }

  boolean cover(Key key, Entry entry) {
    if (records.isEmpty()) {
      return false;
    }
    return entry.groups().stream().anyMatch(group -> isCovered(records.get(group), entry))
        || isCoveredByPrefix(key, entry)
        || isCovered(records.get(ALL), entry);
  }

  private boolean isCoveredByPrefix(Key key, Entry entry) {
    for (int length : lengths) {
      if (length > key.length()) {
        return false;
      }
      if (isCovered(records.get(key.prefix(length)), entry)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isCovered(@Nullable Long last, Entry entry) {
    return last != null && entry.order() <= last;
  }

  /** Returns the records of now, to be given to {@link #drop} when what they cover is removed. */
  List<Map.Entry<Object, Long>> pending() {
    return records.entrySet().stream().map(Map.Entry::copyOf).toList();
  }

  /** Called by one thread at a time. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time
  synchronized void drop(List<Map.Entry<Object, Long>> covered) {
    rounds++;
    for (Map.Entry<Object, Long> each : covered) {
      if (each.getKey() == ALL) {
        records.remove(ALL, each.getValue());
      } else {
        removePart(each.getKey(), each.getValue());
      }
    }
  }
}
