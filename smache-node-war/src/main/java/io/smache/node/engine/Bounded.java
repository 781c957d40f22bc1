package io.smache.node.engine;

import io.smache.node.store.Get;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import java.util.ArrayList;
import java.util.List;

/** An answer to many operations copies all values, so their sum is bounded. */
public final class Bounded {
  /** In place of a value that does not fit. */
  public static final Outcome TOO_MUCH =
      new Outcome.TooLarge(
          "the values of one answer may have %d bytes together; ask for this one in another"
              .formatted(Answer.MAX_BYTES));

  private Bounded() {}

  /**
   * Returns the outcomes with as many values as fit, one at least.
   *
   * @param tooMuch in place of the others
   */
  public static List<Outcome> of(
      List<Operation> operations, List<Outcome> outcomes, Outcome tooMuch) {
    List<Outcome> bounded = new ArrayList<>(outcomes.size());
    long sum = 0;
    for (int i = 0; i < outcomes.size(); i++) {
      boolean read = operations.get(i) instanceof Get;
      long bytes = read ? valueBytes(outcomes.get(i)) : 0;
      boolean fits = sum == 0 || bytes == 0 || sum + bytes <= Answer.MAX_BYTES;
      sum += fits ? bytes : 0;
      bounded.add(fits ? outcomes.get(i) : tooMuch);
    }
    return bounded;
  }

  private static long valueBytes(Outcome outcome) {
    return outcome instanceof Outcome.Found found ? found.entry().value().length : 0;
  }
}
