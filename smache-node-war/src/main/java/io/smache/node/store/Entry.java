package io.smache.node.store;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What is kept under a key. Immutable. The parts of its version stand here themselves, since there
 * is one for each entry and an object more would cost memory.
 *
 * @param value bytes as they were sent; nobody changes them
 * @param groups what it may be invalidated by (RFC 9875)
 * @param instance of its version
 * @param sequence of its version
 * @param order its place among the writes of the shard that keeps it: its sequence, unless it came
 *     from another node
 * @param modified when it was written, seconds since 1970
 */
@SuppressWarnings("ArrayRecordComponent") // never compared but by its version
public record Entry(
    byte[] value,
    Format format,
    List<String> groups,
    Life life,
    long instance,
    long sequence,
    long order,
    int modified) {

  /** Makes the entry that a write leaves behind. */
  static Entry written(byte[] value, Format format, List<String> groups, Life life, Stamp stamp) {
    Version version = stamp.version();
    return new Entry(
        value,
        format.shared(),
        groups,
        life,
        version.instance(),
        version.sequence(),
        version.sequence(),
        stamp.epochSeconds());
  }

  /** Returns the same at another place among the writes of its shard. */
  Entry at(long place) {
    return new Entry(value, format, groups, life, instance, sequence, place, modified);
  }

  Version version() {
    return new Version(instance, sequence);
  }

  /**
   * Returns what can be said of it at a moment.
   *
   * @param left ns that it lives on, not positive when it has ended
   */
  Snapshot snapshot(long left) {
    long millis = left >= Life.ENDLESS ? Snapshot.ENDLESS : TimeUnit.NANOSECONDS.toMillis(left);
    return new Snapshot(
        value, format, groups, version(), modified, Math.max(millis, -1), life.idle() > 0);
  }
}
