package io.smache.node.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The invalidations that a node has done lately, in their order. By them an old and a new owner
 * agree which of them an entry on its way has seen: the source does what the target knows, and
 * knows by its id what it has done before the entry was written. When they take more memory than
 * they may, those of one cache become one that means all of it: an entry on its way may be lost by
 * that, but none comes back. Only when that is not enough, the oldest are forgotten. Thread-safe.
 */
public final class InvalidationLog {
  /** How long a target tells sources of an invalidation. */
  static final Duration TOLD = Duration.ofMinutes(1);

  /** How long a source remembers one: longer, because both got it at about the same time. */
  static final Duration KNOWN = Duration.ofMinutes(5);

  /** The overhead of a line in addition to its texts, in bytes. */
  private static final int LINE_BYTES = 256;

  private record Line(long number, long at, Command.Invalidate invalidate) {
    /** Returns about how many bytes it takes. */
    long bytes() {
      long names = (long) invalidate.cache().length() + invalidate.id().length();
      Invalidation what = invalidate.invalidation();
      Key except = invalidate.except();
      long groups = what.groups().stream().mapToLong(each -> LINE_BYTES / 4 + each.length()).sum();
      return LINE_BYTES
          + names
          + groups
          + (what.prefix() == null ? 0 : what.prefix().length())
          + (except == null ? 0 : except.length());
    }
  }

  private final Clock clock;
  private final long maxBytes;
  private final Map<String, Line> lines = new LinkedHashMap<>();
  private long bytes;
  private volatile long count;

  /**
   * Makes an empty log.
   *
   * @param maxBytes about the most memory that it takes
   */
  public InvalidationLog(Clock clock, long maxBytes) {
    this.clock = clock;
    this.maxBytes = maxBytes;
  }

  /** Adds one; returns false when it is there already. */
  public synchronized boolean add(Command.Invalidate invalidate) {
    long now = clock.nanos();
    trim(now);
    if (lines.containsKey(invalidate.id())) {
      return false;
    }
    long number = count + 1;
    put(new Line(number, now, invalidate));
    if (bytes > maxBytes) {
      makeRoom(maxBytes / 2);
    }
    count = number;
    return true;
  }

  private void put(Line line) {
    lines.put(line.invalidate().id(), line);
    bytes += line.bytes();
  }

  /** Forgets one that could not be done. */
  public synchronized void forget(Command.Invalidate invalidate) {
    Line line = lines.remove(invalidate.id());
    bytes -= line == null ? 0 : line.bytes();
  }

  /** Returns how many were added since the start. */
  public long count() {
    return count;
  }

  /** Returns those that came after so many, without those that are long done everywhere. */
  public synchronized List<Command.Invalidate> after(long heard) {
    long now = clock.nanos();
    return lines.values().stream()
        .filter(line -> line.number() > heard && now - line.at() < TOLD.toNanos())
        .map(Line::invalidate)
        .toList();
  }

  private void trim(long now) {
    Iterator<Line> oldest = lines.values().iterator();
    while (oldest.hasNext()) {
      Line line = oldest.next();
      if (now - line.at() < KNOWN.toNanos()) {
        return;
      }
      oldest.remove();
      bytes -= line.bytes();
    }
  }

  /** Leaves about so many bytes: half of what may be, so that the next has not to do it again. */
  private void makeRoom(long wanted) {
    List<List<Line>> byCache =
        new ArrayList<>(
            lines.values().stream()
                .collect(Collectors.groupingBy(line -> line.invalidate().cache()))
                .values());
    byCache.sort(Comparator.comparingInt(some -> -some.size()));
    for (List<Line> some : byCache) {
      if (bytes > wanted && some.size() > 1) {
        fold(some);
      }
    }
    while (bytes > wanted) {
      forget(lines.values().iterator().next().invalidate());
    }
  }

  /** Makes one line of those of a cache, in the place of the last. */
  private void fold(List<Line> folded) {
    folded.forEach(line -> forget(line.invalidate()));
    Line last = folded.get(folded.size() - 1);
    String cache = last.invalidate().cache();
    Command.Invalidate all = Command.Invalidate.of(cache, Invalidation.ofAll(), null);
    put(new Line(last.number(), last.at(), all));
  }
}
