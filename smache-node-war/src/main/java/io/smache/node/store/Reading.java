package io.smache.node.store;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What a GET is answered, by what is there: the same for all engines. Pure. */
final class Reading {
  private Reading() {}

  /**
   * Answers.
   *
   * @param entry null when there is none
   * @param left ns that the entry lives on
   * @param claimed returns for how many ns somebody is to compute the value, 0 for nobody
   */
  static Outcome of(Get get, @Nullable Entry entry, long left, LongSupplier claimed) {
    return switch (get.preconditions().judge(entry, true)) {
      case FAILED -> new Outcome.PreconditionFailed();
      case NOT_MODIFIED -> notModified(answer(get, entry, left, claimed));
      case PROCEED -> answer(get, entry, left, claimed);
    };
  }

  /**
   * An entry past its end is never said to be unmodified: a cache in front would take it for fresh
   * again, and would not let its client know that it is to compute the value.
   */
  private static Outcome notModified(Outcome outcome) {
    return outcome instanceof Outcome.Found found && found.state() == State.PLAIN
        ? new Outcome.NotModified(found.entry().withoutValue())
        : outcome;
  }

  private static Outcome answer(Get get, @Nullable Entry entry, long left, LongSupplier claimed) {
    return entry == null ? missing(get, claimed.getAsLong()) : found(get, entry, left, claimed);
  }

  private static Outcome found(Get get, Entry entry, long left, LongSupplier claimed) {
    if (get.embeds()) {
      entry.examine();
    }
    Snapshot snapshot = entry.snapshot(left);
    if (left > 0) {
      return Outcome.Found.fresh(snapshot);
    }
    return get.recomputes() && claimed.getAsLong() == 0
        ? new Outcome.Unclaimed()
        : new Outcome.Found(snapshot, State.STALE);
  }

  private static Outcome missing(Get get, long claimed) {
    if (claimed > 0 && (get.claim() > 0 || get.timeout() > 0)) {
      return new Outcome.Absent(State.PENDING, TimeUnit.NANOSECONDS.toMillis(claimed) + 1);
    }
    return get.recomputes() && get.claim() > 0 ? new Outcome.Unclaimed() : Outcome.Absent.PLAIN;
  }

  /** Returns what the asker is told that is to compute the value now. */
  static Outcome won(Outcome outcome) {
    if (outcome instanceof Outcome.Found found) {
      return new Outcome.Found(found.entry(), State.STALE_WINNER);
    }
    return outcome instanceof Outcome.Absent ? new Outcome.Absent(State.WINNER, 0) : outcome;
  }
}
