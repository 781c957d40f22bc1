package io.smache.node.store;

/** What an entry costs of the heap, in bytes. */
final class Weight {
  /** What it costs beside key and value: the map's nodes, three objects, two array headers. */
  static final int OVERHEAD_BYTES = 250;

  private static final int GROUP_BYTES = 56;

  private Weight() {}

  static int of(Key key, Entry entry) {
    int weight = OVERHEAD_BYTES + key.length() + entry.value().length;
    for (String group : entry.groups()) {
      weight += GROUP_BYTES + group.length();
    }
    return weight;
  }
}
