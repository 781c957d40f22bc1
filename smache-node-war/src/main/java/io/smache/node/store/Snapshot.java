package io.smache.node.store;

import java.util.List;

/**
 * An entry as it is at a moment, for whoever asked.
 *
 * @param value its bytes; shared with the entry, so nobody changes them
 * @param modified when it was written, seconds since 1970
 * @param left ms that it lives on, {@link #ENDLESS} when it has no end, -1 when it has ended
 * @param idles whether it ends when nobody uses it for some time
 */
@SuppressWarnings("ArrayRecordComponent") // a message, never compared
public record Snapshot(
    byte[] value,
    Format format,
    List<String> groups,
    Version version,
    int modified,
    long left,
    boolean idles) {
  /** What {@code left} says of an entry without an end. */
  public static final long ENDLESS = Long.MAX_VALUE;

  private static final byte[] NOTHING = {};

  /** Returns whether it has an end. */
  public boolean ends() {
    return left != ENDLESS;
  }

  /** Returns the same with another value, from another write. */
  Snapshot with(byte[] other, Version from) {
    return new Snapshot(other, format, groups, from, modified, left, idles);
  }

  /** Returns the same without the bytes. */
  Snapshot withoutValue() {
    return new Snapshot(NOTHING, format, groups, version, modified, left, idles);
  }
}
