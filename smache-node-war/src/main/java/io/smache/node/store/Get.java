package io.smache.node.store;

/**
 * Asks for an entry.
 *
 * @param recomputes whether the asker can be told to compute the value anew
 * @param lease for how long nobody else is told so then, in ms; 0 on a miss: nobody is told
 * @param patience for how long the asker waits for a value that is not there, in ms
 */
public record Get(
    String cache,
    Key key,
    Preconditions preconditions,
    boolean recomputes,
    long lease,
    long patience)
    implements Operation {
  /** How long a winner has to compute a value when nobody says otherwise, in ms. */
  public static final long DEFAULT_LEASE = 10_000;

  /** Asks for nothing but the entry. */
  public static Get plain(String cache, Key key) {
    return new Get(cache, key, Preconditions.NONE, false, 0, 0);
  }

  /**
   * Returns the same of an asker who waits for another time.
   *
   * @param millis not negative
   */
  public Get patientFor(long millis) {
    return new Get(cache, key, preconditions, recomputes, lease, millis);
  }

  /** Returns the same of an asker who cannot be told to compute anything. */
  Get withoutClaim() {
    return new Get(cache, key, preconditions, false, 0, 0);
  }
}
