package io.smache.node.store;

import org.jspecify.annotations.Nullable;

/** A pure function that says what becomes of an entry; it runs under the lock of its shard. */
@FunctionalInterface
public interface Write {
  /**
   * Decides.
   *
   * @param current the entry now, or null when there is none
   */
  Change apply(@Nullable Entry current, WriteContext context);

  /**
   * What a write decided.
   *
   * @param next the entry from now on, the current one for no change, or null for none
   * @param outcome what to tell the writer
   */
  record Change(@Nullable Entry next, Outcome outcome) {}
}
