package io.smache.node.store;

/**
 * Which write an entry comes from; no two writes have the same, not even across restarts and nodes.
 *
 * @param instance random number of the shard object that did the write
 * @param sequence number of the write there, from 1
 */
public record Version(long instance, long sequence) {
  private static final int RADIX = 36;

  /** Returns the opaque text of the entity tag, without quotes (RFC 9110, section 8.8.3). */
  public String tag() {
    return tag("", "");
  }

  /** Returns the text between two others. */
  public String tag(String before, String after) {
    return before
        + Long.toUnsignedString(instance, RADIX)
        + '-'
        + Long.toString(sequence, RADIX)
        + after;
  }
}
