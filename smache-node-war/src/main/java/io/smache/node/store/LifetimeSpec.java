package io.smache.node.store;

import org.jspecify.annotations.Nullable;

/**
 * The lifetime that a request or a configuration asks for. All in ms, 1 ms to 10 years.
 *
 * @param ttl from the write on, or null for not said
 * @param idle from the last use on, or null for not said
 * @param stale for how long after its end it may still be served, or null for not said
 * @param kept whether an entry that is replaced passes its own on; then the others are null
 */
public record LifetimeSpec(
    @Nullable Long ttl, @Nullable Long idle, @Nullable Long stale, boolean kept) {
  /** Nothing was said. */
  public static final LifetimeSpec UNSAID = new LifetimeSpec(null, null, null);

  /** That of the entry before, if there is one; else nothing was said. */
  public static final LifetimeSpec KEPT = new LifetimeSpec(null, null, null, true);

  /** Asks for a lifetime of its own. */
  public LifetimeSpec(@Nullable Long ttl, @Nullable Long idle, @Nullable Long stale) {
    this(ttl, idle, stale, false);
  }

  /** Returns this lifetime, completed by the defaults of another. */
  LifetimeSpec or(LifetimeSpec other) {
    return new LifetimeSpec(
        ttl == null ? other.ttl : ttl,
        idle == null ? other.idle : idle,
        stale == null ? other.stale : stale);
  }
}
