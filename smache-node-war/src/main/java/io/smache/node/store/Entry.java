package io.smache.node.store;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What is kept under a key. Immutable. The parts of its version stand here themselves, since there
 * is one for each entry and an object more would cost memory.
 *
 * @param value bytes as they were sent; never modified
 * @param groups its groups (RFC 9875)
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
    Expiration expiration,
    long instance,
    long sequence,
    long order,
    int modified) {

  /** Creates the entry that a write stores. */
  static Entry written(
      byte[] value,
      Format format,
      List<String> groups,
      Expiration expiration,
      WriteContext context) {
    Version version = context.version();
    return new Entry(
        value,
        format.shared(),
        groups,
        expiration,
        version.instance(),
        version.sequence(),
        version.sequence(),
        context.epochSeconds());
  }

  /** Returns the same with another order among the writes of its shard. */
  Entry at(long order) {
    return new Entry(value, format, groups, expiration, instance, sequence, order, modified);
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
    long millis =
        left >= Expiration.ENDLESS ? Snapshot.ENDLESS : TimeUnit.NANOSECONDS.toMillis(left);
    return new Snapshot(
        value, format, groups, version(), modified, Math.max(millis, -1), expiration.idle() > 0);
  }
}
