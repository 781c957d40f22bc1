package io.smache.node.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a source sends of one key. Times are durations, so that clocks need not agree.
 *
 * @param contents the entry, or null when there is none
 * @param claim for how many ns a client still holds the claim to compute the value; 0 for none
 */
public record TransferredEntry(EntryId id, @Nullable Contents contents, long claim) {
  /**
   * An entry on its way.
   *
   * @param value its bytes
   * @param modified when it was written, seconds since 1970
   * @param expiration with its end counted from now
   * @param keep ns that it is kept without being used
   */
  @SuppressWarnings("ArrayRecordComponent") // a message, never compared
  public record Contents(
      byte[] value,
      Format format,
      List<String> groups,
      Version version,
      int modified,
      Expiration expiration,
      long keep) {
    static Contents of(Entry entry, long keep, long now) {
      return new Contents(
          entry.value(),
          entry.format(),
          entry.groups(),
          entry.version(),
          entry.modified(),
          entry.expiration().since(now),
          keep);
    }

    Entry entry(long order, long now) {
      return new Entry(
          value,
          format.shared(),
          groups,
          expiration.ends() || expiration.idle() > 0 ? expiration.from(now) : Expiration.NONE,
          version.instance(),
          version.sequence(),
          order,
          modified);
    }
  }

  /** Nothing is there. */
  static TransferredEntry nothing(EntryId id) {
    return new TransferredEntry(id, null, 0);
  }

  /** Returns about how many bytes it takes on its way. */
  public int bytes() {
    return Weight.OVERHEAD_BYTES
        + id.key().length()
        + (contents == null ? 0 : contents.value().length);
  }
}
