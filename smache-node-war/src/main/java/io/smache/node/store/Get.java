package io.smache.node.store;

/**
 * Asks for an entry.
 *
 * @param embeds whether a JSON value will stand inside of another JSON text
 * @param recomputes whether the client can be told to recompute a stale value
 * @param claim how long its claim lasts, ms; 0 for no claim on a miss
 * @param timeout how long the client waits for a missing value, ms
 */
public record Get(
    String cache,
    Key key,
    Preconditions preconditions,
    boolean recomputes,
    long claim,
    long timeout,
    boolean embeds)
    implements Operation {
  /** The default time that a winner has to compute a value, ms. */
  public static final long DEFAULT_CLAIM = 10_000;

  /** Asks for nothing but the entry. */
  public static Get plain(String cache, Key key) {
    return new Get(cache, key, Preconditions.NONE, false, 0, 0, false);
  }

  /** Asks for an entry whose value will stand inside of a JSON text. */
  public static Get embedded(String cache, Key key, Preconditions preconditions) {
    return new Get(cache, key, preconditions, false, 0, 0, true);
  }

  /**
   * Returns the same with another timeout.
   *
   * @param millis not negative
   */
  public Get waitingFor(long millis) {
    return new Get(cache, key, preconditions, recomputes, claim, millis, embeds);
  }

  /** Returns the same without a claim. */
  Get withoutClaim() {
    return new Get(cache, key, preconditions, false, 0, 0, embeds);
  }
}
