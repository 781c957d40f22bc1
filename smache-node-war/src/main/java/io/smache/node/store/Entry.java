package io.smache.node.store;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What is kept under a key. Does not change, but it may become known that its value is well-formed.
 * The parts of its version stand here themselves, since there is one for each entry and an object
 * more would cost memory. Thread-safe.
 */
public final class Entry {
  /** Bytes of a value that are examined in less than a millisecond. */
  private static final int LARGE = 1 << 16;

  private final byte[] value;
  private final List<String> groups;
  private final Expiration expiration;
  private final long instance;
  private final long sequence;
  private final long order;
  private final int modified;

  /** Whoever sees an older one examines the value again. */
  private Format format;

  /**
   * Takes what is kept.
   *
   * @param value bytes as they were sent; never modified
   * @param groups its groups (RFC 9875)
   * @param instance of its version
   * @param sequence of its version
   * @param order its place among the writes of the shard that keeps it: its sequence, unless it
   *     came from another node
   * @param modified when it was written, seconds since 1970
   */
  public Entry(
      byte[] value,
      Format format,
      List<String> groups,
      Expiration expiration,
      long instance,
      long sequence,
      long order,
      int modified) {
    this.value = value;
    this.format = format;
    this.groups = groups;
    this.expiration = expiration;
    this.instance = instance;
    this.sequence = sequence;
    this.order = order;
    this.modified = modified;
  }

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
  Entry at(long other) {
    return new Entry(value, format, groups, expiration, instance, sequence, other, modified);
  }

  /** Finds out whether a value that is said to be JSON is, unless it is large. */
  void examine() {
    Format said = format;
    if (!said.wellFormed()
        && said.encoding() == null
        && value.length <= LARGE
        && said.isJson()
        && JsonValue.isWellFormed(value)) {
      format = said.parsed().shared();
    }
  }

  /** Returns the bytes as they were sent; nobody changes them. */
  public byte[] value() {
    return value;
  }

  /** Returns the format of the bytes. */
  public Format format() {
    return format;
  }

  /** Returns the groups. */
  public List<String> groups() {
    return groups;
  }

  /** Returns when it ends. */
  public Expiration expiration() {
    return expiration;
  }

  /** Returns its place among the writes of its shard. */
  public long order() {
    return order;
  }

  /** Returns when it was written, seconds since 1970. */
  public int modified() {
    return modified;
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
