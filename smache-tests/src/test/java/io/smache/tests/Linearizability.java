package io.smache.tests;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether the requests on one key can be put in an order in which each sees what the one before
 * left, and in which none comes before one that had ended when it began (Herlihy and Wing, 1990). A
 * search with memory (Wing and Gong; Lowe): what was tried once with the same requests done and the
 * same value is not tried again.
 */
final class Linearizability {
  private final List<Action> actions;
  private final Set<State> tried = new HashSet<>();

  private record State(BitSet done, @Nullable String value) {}

  private Linearizability(List<Action> history) {
    Set<@Nullable String> seen = new HashSet<>();
    history.forEach(action -> seen.addAll(Arrays.asList(action.seen(), action.expected())));
    // A get that was not answered says nothing and does nothing.
    actions =
        history.stream()
            .filter(a -> a.kind() != Action.Kind.GET || !a.isUnknown())
            .map(action -> seen.contains(action.value()) ? action : action.withoutValue())
            .sorted(Comparator.comparingLong(Action::began))
            .toList();
  }

  /** Returns whether such an order exists for a key that is not there at first. */
  static boolean holds(List<Action> history) {
    return new Linearizability(history).search();
  }

  private record Frame(State state, List<Integer> candidates) {}

  /** Depth first, with a stack of its own: histories are long. */
  private boolean search() {
    List<Frame> stack = new ArrayList<>();
    stack.add(frame(new State(new BitSet(), null)));
    while (!stack.isEmpty()) {
      Frame top = stack.get(stack.size() - 1);
      if (isComplete(top.state().done())) {
        return true;
      }
      if (top.candidates().isEmpty()) {
        stack.remove(stack.size() - 1);
        continue;
      }
      int next = top.candidates().remove(0);
      Action.Step step = actions.get(next).on(top.state().value());
      if (step != null) {
        BitSet done = (BitSet) top.state().done().clone();
        done.set(next);
        State state = new State(done, step.value());
        if (tried.add(state)) {
          stack.add(frame(state));
        }
      }
    }
    return false;
  }

  /** What was not answered need not have happened. */
  private boolean isComplete(BitSet done) {
    for (int i = done.nextClearBit(0); i < actions.size(); i = done.nextClearBit(i + 1)) {
      if (!actions.get(i).isUnknown()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Only what began before the first of the others ended can be next. Of several that do the same
   * and were not answered, it may as well be the first: without that, their orders are too many.
   */
  private Frame frame(State state) {
    long firstEnd = Long.MAX_VALUE;
    List<Integer> candidates = new ArrayList<>();
    Set<Action> unknown = new HashSet<>();
    BitSet done = state.done();
    for (int i = done.nextClearBit(0); i < actions.size(); i = done.nextClearBit(i + 1)) {
      Action action = actions.get(i);
      if (action.began() > firstEnd) {
        break;
      }
      if (!action.isUnknown() || unknown.add(action.withoutTime())) {
        candidates.add(i);
      }
      firstEnd = Math.min(firstEnd, action.ended());
    }
    candidates.sort(Comparator.comparingLong(i -> actions.get(i).ended()));
    return new Frame(state, candidates);
  }
}
