package io.smache.node.store;

import org.jspecify.annotations.Nullable;

/**
 * A write that was done and may be asked again, because nobody may have been told.
 *
 * @param number of the write
 * @param created whether there was no entry before
 * @param value that it left behind, null when it was long or there was none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Done(Version number, boolean created, byte @Nullable [] value) {
  /** Values up to this length are kept: what increments make is short. */
  private static final int SHORT_BYTES = 32;

  private static final Outcome FORGOTTEN =
      new Outcome.Unavailable("the write was done, but what it returned is not known", true);

  /** Returns the last write of an entry. */
  static Done of(Entry entry, boolean created) {
    byte[] value = entry.value();
    return new Done(entry.version(), created, value.length <= SHORT_BYTES ? value : null);
  }

  /** Returns whether it can be forgotten, because an operation says so. */
  boolean isSettled(Numbered by) {
    return number.instance() == by.number().instance() && by.settles(number.sequence());
  }

  /**
   * Returns what the operation returned when it was done.
   *
   * @param now the entry that is there now: its format and groups are those of then
   * @param left ns that it lives on
   */
  Outcome outcome(Operation operation, @Nullable Entry now, long left) {
    if (operation instanceof Delete) {
      return created ? Outcome.Absent.PLAIN : new Outcome.Removed();
    }
    if (operation instanceof Put || (operation instanceof Patch patch && patch.merge() == null)) {
      return new Outcome.Stored(created, number);
    }
    byte[] kept = value;
    return now == null || kept == null
        ? FORGOTTEN
        : Outcome.Found.fresh(now.snapshot(left).with(kept, number));
  }
}
