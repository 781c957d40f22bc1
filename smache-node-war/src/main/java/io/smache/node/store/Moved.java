package io.smache.node.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the old owner of a key gives to the new one. Times are durations, so no two clocks need to
 * agree.
 *
 * @param contents the entry, or null when there is none
 * @param claim for how many ns somebody computes the value, 0 when nobody does
 */
public record Moved(Place place, @Nullable Contents contents, long claim) {
  /**
   * An entry on its way.
   *
   * @param value its bytes
   * @param modified when it was written, seconds since 1970
   * @param life with its end counted from now
   * @param keep ns that it is to be kept if nobody uses it
   */
  @SuppressWarnings("ArrayRecordComponent") // a message, never compared
  public record Contents(
      byte[] value,
      Format format,
      List<String> groups,
      Version version,
      int modified,
      Life life,
      long keep) {
    static Contents of(Entry entry, long keep, long now) {
      return new Contents(
          entry.value(),
          entry.format(),
          entry.groups(),
          entry.version(),
          entry.modified(),
          entry.life().since(now),
          keep);
    }

    Entry entry(long order, long now) {
      return new Entry(
          value,
          format.shared(),
          groups,
          life.ends() || life.idle() > 0 ? life.from(now) : Life.NONE,
          version.instance(),
          version.sequence(),
          order,
          modified);
    }
  }

  /** Nothing is there. */
  static Moved nothing(Place place) {
    return new Moved(place, null, 0);
  }

  /** Returns about how many bytes it takes on its way. */
  public int bytes() {
    return Weight.OVERHEAD_BYTES
        + place.key().length()
        + (contents == null ? 0 : contents.value().length);
  }
}
