package io.smache.node.store;

/**
 * Which write an entry comes from; no two writes have the same, not even across restarts and nodes.
 *
 * @param instance random number of the shard object that did the write
 * @param sequence number of the write there, from 1
 */
public record Version(long instance, long sequence) {
  private static final int RADIX = 36;

  /** Texts of instances seen lately: a node has few, and every tag names one. */
  private static final Instance[] SEEN = new Instance[1 << 8];

  private record Instance(long number, String text) {}

  /** Returns the opaque text of the entity tag, without quotes (RFC 9110, section 8.8.3). */
  public String tag() {
    return tag("", "");
  }

  /** Returns the text between two others. */
  public String tag(String before, String after) {
    return before + text(instance) + '-' + Long.toString(sequence, RADIX) + after;
  }

  private static String text(long instance) {
    int slot = (int) instance & (SEEN.length - 1);
    Instance seen = SEEN[slot];
    if (seen == null || seen.number() != instance) {
      seen = new Instance(instance, Long.toUnsignedString(instance, RADIX));
      SEEN[slot] = seen;
    }
    return seen.text();
  }
}
