package io.smache.node.store;

import java.util.concurrent.TimeUnit;

/**
 * What a list says of an entry.
 *
 * @param bytes of its value
 * @param left ms that it lives on, {@link Snapshot#ENDLESS} when it has no end, -1 when it has
 *     ended and may be served stale
 * @param expires ms until it ends however often it is used, {@link Snapshot#ENDLESS} for never
 * @param idle ms that it lives without being used, 0 for any time
 * @param stale ms that it may be served after its end
 */
public record Listed(
    Key key, int bytes, Version version, long left, long expires, long idle, long stale) {
  /**
   * Lists an entry.
   *
   * @param left ns that it lives on
   * @param now on the clock of its end
   */
  static Listed of(Key key, Entry entry, long left, long now) {
    Expiration expiration = entry.expiration();
    return new Listed(
        key,
        entry.value().length,
        entry.version(),
        Math.max(-1, millis(left)),
        expiration.ends() ? millis(expiration.end() - now) : Snapshot.ENDLESS,
        millis(expiration.idle()),
        millis(expiration.stale()));
  }

  private static long millis(long nanos) {
    return nanos >= Expiration.ENDLESS ? Snapshot.ENDLESS : TimeUnit.NANOSECONDS.toMillis(nanos);
  }
}
