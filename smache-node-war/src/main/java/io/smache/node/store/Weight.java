package io.smache.node.store;

import java.util.List;

/** What an entry costs of the heap, in bytes; measured, see docs/benchmarks.md. */
final class Weight {
  /** What it costs beside key and value: the map's nodes, two objects, two array headers. */
  static final int OVERHEAD_BYTES = 216;

  private static final int LIFE_BYTES = 40;
  private static final int GROUP_BYTES = 48;

  private Weight() {}

  static int of(Key key, Entry entry) {
    int weight = OVERHEAD_BYTES + key.length() + entry.value().length;
    weight += entry.format().type().length();
    if (!entry.expiration().equals(Expiration.NONE)) {
      weight += LIFE_BYTES;
    }
    List<String> groups = entry.groups();
    for (int i = 0; i < groups.size(); i++) { // an iterator would be made for every write
      weight += GROUP_BYTES + groups.get(i).length();
    }
    return weight;
  }
}
