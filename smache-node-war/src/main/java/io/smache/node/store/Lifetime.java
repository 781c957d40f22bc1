package io.smache.node.store;

import org.jspecify.annotations.Nullable;

/**
 * How long an entry is to live, as far as somebody said so. All in ms, 1 ms to 10 years.
 *
 * @param ttl from the write on, or null for not said
 * @param idle from the last use on, or null for not said
 * @param stale for how long after its end it may still be served, or null for not said
 */
public record Lifetime(@Nullable Long ttl, @Nullable Long idle, @Nullable Long stale) {
  /** Nothing was said. */
  public static final Lifetime UNSAID = new Lifetime(null, null, null);

  /** Returns what was said here, and where nothing was, what the other says. */
  Lifetime or(Lifetime other) {
    return new Lifetime(
        ttl == null ? other.ttl : ttl,
        idle == null ? other.idle : idle,
        stale == null ? other.stale : stale);
  }
}
