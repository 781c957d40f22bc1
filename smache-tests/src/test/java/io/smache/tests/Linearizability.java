package io.smache.tests;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether the requests on one key can be put in an order in which each sees what the one before
 * left, and in which none comes before one that had ended when it began (Herlihy and Wing, 1990). A
 * search with memory (Wing and Gong; Lowe): what was tried once with the same requests done and the
 * same value is not tried again.
 */
final class Linearizability {
  private final List<Action> known;
  private final List<Action> unknown;

  /** What was tried: for each set of known ones done, and the value then, the unknown ones used. */
  private final Map<Place, List<BitSet>> tried = new HashMap<>();

  private record Place(BitSet done, @Nullable String value) {}

  /**
   * A point of the search.
   *
   * @param used those without an answer that happened before it
   * @param guessed whether the last step was one of them
   * @param candidates what may be next: a known one, or the complement of an unknown one
   */
  private record Frame(Place place, BitSet used, boolean guessed, List<Integer> candidates) {}

  private Linearizability(List<Action> history) {
    Set<@Nullable String> seen = new HashSet<>();
    history.forEach(action -> seen.addAll(Arrays.asList(action.seen(), action.expected())));
    known = sorted(history.stream().filter(action -> !action.isUnknown()), seen);
    // A get that was not answered says nothing and does nothing.
    unknown =
        sorted(history.stream().filter(a -> a.isUnknown() && a.kind() != Action.Kind.GET), seen);
  }

  private static List<Action> sorted(Stream<Action> actions, Set<@Nullable String> seen) {
    return actions
        .map(action -> seen.contains(action.value()) ? action : action.withoutValue())
        .sorted(Comparator.comparingLong(Action::began))
        .toList();
  }

  /** Returns whether such an order exists for a key that is not there at first. */
  static boolean holds(List<Action> history) {
    return new Linearizability(history).search();
  }

  /** Depth first, with a stack of its own: histories are long. */
  private boolean search() {
    List<Frame> stack = new ArrayList<>();
    stack.add(frame(new Place(new BitSet(), null), new BitSet(), false));
    while (!stack.isEmpty()) {
      Frame top = stack.get(stack.size() - 1);
      if (top.place().done().cardinality() == known.size()) {
        return true;
      }
      if (top.candidates().isEmpty()) {
        stack.remove(stack.size() - 1);
        continue;
      }
      int candidate = top.candidates().remove(0);
      Frame next = candidate >= 0 ? known(top, candidate) : guessed(top, ~candidate);
      if (next != null) {
        stack.add(next);
      }
    }
    return false;
  }

  private @Nullable Frame known(Frame top, int index) {
    Action.Step step = known.get(index).on(top.place().value());
    return step == null
        ? null
        : untried(new Place(with(top.place().done(), index), step.value()), top.used(), false);
  }

  /** One that changes nothing need not have happened, nor one whose effect the next one wipes. */
  private @Nullable Frame guessed(Frame top, int index) {
    Action action = unknown.get(index);
    Action.Step step = action.on(top.place().value());
    boolean wipes = action.kind() == Action.Kind.PUT || action.kind() == Action.Kind.DELETE;
    if (step == null
        || (top.guessed() && wipes)
        || Objects.equals(step.value(), top.place().value())) {
      return null;
    }
    Place place = new Place(top.place().done(), step.value());
    return untried(place, with(top.used(), index), true);
  }

  /** Whoever has used fewer of the unknown ones can still do all that one with more of them can. */
  private @Nullable Frame untried(Place place, BitSet used, boolean guessed) {
    List<BitSet> before = tried.computeIfAbsent(place, none -> new ArrayList<>());
    if (before.stream().anyMatch(each -> isPartOf(each, used))) {
      return null;
    }
    before.removeIf(each -> isPartOf(used, each));
    before.add(used);
    return frame(place, used, guessed);
  }

  private static boolean isPartOf(BitSet part, BitSet whole) {
    BitSet rest = (BitSet) part.clone();
    rest.andNot(whole);
    return rest.isEmpty();
  }

  private static BitSet with(BitSet set, int index) {
    BitSet more = (BitSet) set.clone();
    more.set(index);
    return more;
  }

  /**
   * Only what began before the first of the others ended can be next. Of several that do the same
   * and were not answered, it may as well be the first: without that, their orders are too many.
   */
  private Frame frame(Place place, BitSet used, boolean guessed) {
    long firstEnd = Long.MAX_VALUE;
    List<Integer> candidates = new ArrayList<>();
    BitSet done = place.done();
    for (int i = done.nextClearBit(0); i < known.size(); i = done.nextClearBit(i + 1)) {
      if (known.get(i).began() > firstEnd) {
        break;
      }
      candidates.add(i);
      firstEnd = Math.min(firstEnd, known.get(i).ended());
    }
    candidates.sort(Comparator.comparingLong(i -> known.get(i).ended()));
    Set<Action> same = new HashSet<>();
    for (int i = used.nextClearBit(0); i < unknown.size(); i = used.nextClearBit(i + 1)) {
      if (unknown.get(i).began() > firstEnd) {
        break;
      }
      if (same.add(unknown.get(i).withoutTime())) {
        candidates.add(~i);
      }
    }
    return new Frame(place, used, guessed, candidates);
  }
}
